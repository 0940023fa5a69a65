using System.Text.Json;
using CapabilityRegistry.Tests.Testing;

namespace CapabilityRegistry.Tests.Api.Contract;

/// <summary>Cursors: stable under writes, for one list and one caller, and not to be made by hand.</summary>
public sealed class CursorTests(RegistryFixture registry) : IClassFixture<RegistryFixture>
{
    private RegistryApp App => registry.App;

    [Theory]
    [InlineData("")]
    [InlineData("&search=steady")]
    public async Task A_walk_beside_writes_meets_everything_that_stays_exactly_once(string filter)
    {
        var tenant = $"walk{filter.Length}";
        string[] steady = [.. Enumerable.Range(0, 120).Select(i => $"steady-{i:d3}")];
        await App.ImportAsync(string.Join('\n', steady.Select(code => Sample.Manifest(code))), tenant: tenant);
        using var walking = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var writing = Task.WhenAll(Enumerable.Range(0, 3).Select(writer => ChurnAsync(tenant, $"steady-{writer}x", walking.Token)));
        for (var walk = 0; walk < 5; walk++)
        {
            var met = await WalkAsync(tenant, filter);
            Assert.Equal(steady, met.Where(code => !code.Contains('x', StringComparison.Ordinal)).Order(StringComparer.Ordinal));
            Assert.Equal(met.Count, met.Distinct(StringComparer.Ordinal).Count());
        }

        await walking.CancelAsync();
        Assert.True((await writing).Sum() > 10);
    }

    [Fact]
    public async Task A_cursor_is_nothing_elsewhere_and_nothing_when_it_was_touched()
    {
        const string tenant = "cursors";
        await App.ImportAsync(string.Join('\n', Enumerable.Range(0, 5).Select(i => Sample.Manifest($"c-{i}"))), tenant: tenant);
        var cursor = (await App.GetAsync("/api/capabilities?per_page=2", tenant)).Json.GetProperty("next_cursor").GetString()!;
        Assert.Equal(200, (await App.GetAsync($"/api/capabilities?cursor={cursor}", tenant)).Status);
        await RefusedAsync($"/api/capabilities?cursor={cursor}", "cursors-of-others");
        await RefusedAsync($"/api/audit?cursor={cursor}", tenant);
        for (var i = 0; i < cursor.Length; i += 7)
        {
            var other = cursor[i] == 'A' ? 'B' : 'A';
            await RefusedAsync($"/api/capabilities?cursor={cursor[..i]}{other}{cursor[(i + 1)..]}", tenant);
        }
    }

    private async Task RefusedAsync(string path, string tenant)
    {
        var refused = await App.GetAsync(path, tenant);
        Assert.True((refused.Status, refused.ErrorCode) == (400, "VALIDATION_ERROR"), $"{path}: {refused.Status} {refused.Text}");
    }

    private async Task<List<string>> WalkAsync(string tenant, string filter)
    {
        var met = new List<string>();
        for (var path = $"/api/capabilities?per_page=7{filter}"; path is not null;)
        {
            var page = await App.GetAsync(path, tenant);
            Assert.True(page.Status == 200, page.Text);
            met.AddRange(page.Json.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("capability_code").GetString()!));
            path = page.Json.TryGetProperty("next_cursor", out var next) && next.ValueKind is JsonValueKind.String ? $"/api/capabilities?cursor={next.GetString()}" : null;
        }

        return met;
    }

    /// <summary>Makes, changes and removes pages between those that stay.</summary>
    private async Task<int> ChurnAsync(string tenant, string prefix, CancellationToken cancellationToken)
    {
        var writes = 0;
        for (; !cancellationToken.IsCancellationRequested; writes++)
        {
            var code = $"{prefix}{writes % 4}";
            var made = await App.PostAsync("/api/capabilities", Sample.Manifest($"{code}-{writes}"), tenant);
            Assert.True(made.Status == 201, made.Text);
            var removed = await App.SendAsync(HttpMethod.Delete, $"/api/capabilities/{code}-{writes}", tenant: tenant);
            Assert.True(removed.Status == 204, removed.Text);
        }

        return writes;
    }
}
