using System.Text.RegularExpressions;
using CapabilityRegistry.Data.Events;
using CapabilityRegistry.Tests.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace CapabilityRegistry.Tests.Api.Contract;

/// <summary><c>dry_run=true</c> on every write of the OpenAPI document: the same answer, and nothing kept.</summary>
public sealed partial class DryRunTests(RegistryFixture registry) : IClassFixture<RegistryFixture>
{
    public static TheoryData<string> Writes => Operation.Ids(Operation.Writes);

    public static TheoryData<string> Others => Operation.Ids(Operation.All.Where(o => !o.Parameters.Contains("dry_run") && o.Id is not ("GetHealth" or "GetRegistryHealth")));

    [Fact]
    public void The_document_has_writes() => Assert.True(Operation.Writes.Count() >= 17);

    [Theory]
    [MemberData(nameof(Writes))]
    public async Task A_rehearsal_answers_like_the_performance_and_keeps_nothing(string id)
    {
        var operation = Operation.Of(id);
        var tenant = await SeededTenant.CreateAsync(registry.App, $"dry-{id.ToLowerInvariant()}", operation);
        var before = await DigestAsync();
        var rehearsal = await tenant.AskAsync(operation, "dry_run=true");
        Assert.Equal(before, await DigestAsync());
        Assert.Equal(rehearsal.Status, (await tenant.AskAsync(operation, "dry_run=true")).Status);

        var performance = await tenant.AskAsync(operation, "dry_run=false");
        Assert.True(performance.Status is 200 or 201 or 202 or 204, performance.Text);
        Assert.Equal((performance.Status, performance.ContentType), (rehearsal.Status, rehearsal.ContentType));
        Assert.Equal(WithoutIds(performance.Text), WithoutIds(rehearsal.Text));
        Assert.Equal(WithoutIds($"{performance.Headers.Location}"), WithoutIds($"{rehearsal.Headers.Location}"));
        Assert.Equal(performance.Headers.ETag is null, rehearsal.Headers.ETag is null);
        Assert.NotEqual(before, await DigestAsync());
    }

    [Theory]
    [InlineData("PublishVersion", """{"capability_code":"checkout","version":"1.0.0"}""", 409)]
    [InlineData("PatchCapability", """{"status":"retired"}""", 400)]
    [InlineData("CreateClient", """{"client_id":"seeded","roles":["observer"]}""", 409)]
    [InlineData("CreateComposition", """{"name":"Seeded","requirements":[{"capability_code":"payments"}]}""", 409)]
    public async Task A_rehearsal_is_refused_where_the_performance_would_be(string id, string body, int status)
    {
        var operation = Operation.Of(id);
        var tenant = await SeededTenant.CreateAsync(registry.App, $"dry-{status}-{id.ToLowerInvariant()}");
        var before = await DigestAsync();
        var (rehearsal, performance) = (await tenant.SendAsync(operation.Method, $"{tenant.PathOf(operation)}?dry_run=true", body), await tenant.SendAsync(operation.Method, tenant.PathOf(operation), body));
        Assert.Equal((status, status), (rehearsal.Status, performance.Status));
        Assert.Equal(WithoutIds(performance.Text), WithoutIds(rehearsal.Text));
        Assert.Equal(before, await DigestAsync());
    }

    [Fact]
    public async Task In_a_rehearsed_import_later_lines_see_earlier_ones()
    {
        var lines = string.Join('\n', Enumerable.Range(0, 600).Select(i => Sample.Manifest("dry-import", $"1.{i}.0")).Append(Sample.Manifest("dry-import", "1.1.0")).Append(Sample.Manifest("dry-import", "1.599.0", Sample.Needs("x"))).Append("{"));
        await registry.App.Tokens.OfAsync("dry-import");
        var before = await DigestAsync();
        var rehearsal = await registry.App.ImportAsync(lines, "?dry_run=true", "dry-import");
        Assert.Equal(before, await DigestAsync());
        Assert.Equal(["unchanged", "failed", "failed"], rehearsal[600..].Select(o => o.GetProperty("status").GetString()));
        Assert.All(rehearsal[..600], o => Assert.Equal("created", o.GetProperty("status").GetString()));
        Assert.Equal(404, (await registry.App.GetAsync("/api/capabilities/dry-import", "dry-import")).Status);

        var performance = await registry.App.ImportAsync(lines, "?dry_run=false", "dry-import");
        Assert.Equal(rehearsal.Select(o => WithoutIds(o.GetRawText())), performance.Select(o => WithoutIds(o.GetRawText())));
    }

    [Theory]
    [InlineData("maybe")]
    [InlineData("1")]
    [InlineData("true&dry_run=false")]
    [InlineData("tru%00e")]
    public async Task Anything_but_true_and_false_is_refused(string value)
    {
        var tenant = await SeededTenant.CreateAsync(registry.App, $"dry-value-{value.Length}");
        var before = await DigestAsync();
        foreach (var operation in Operation.Writes)
        {
            var refused = await tenant.AskAsync(operation, $"dry_run={value}");
            Assert.True((refused.Status, refused.ErrorCode) == (400, "VALIDATION_ERROR"), $"{operation.Id}: {refused.Text}");
            Assert.Equal(["?dry_run"], refused.ErrorPointers);
        }

        Assert.Equal(400, (await tenant.SendAsync(HttpMethod.Post, $"/api/capabilities/import?dry_run={value}", Sample.Manifest("x"), "application/x-ndjson")).Status);
        Assert.Equal(before, await DigestAsync());
    }

    [Theory]
    [MemberData(nameof(Others))]
    public async Task What_changes_nothing_has_no_rehearsal(string id)
    {
        var operation = Operation.Of(id);
        var tenant = await SeededTenant.CreateAsync(registry.App, $"dry-not-{id.ToLowerInvariant()}");
        var refused = await tenant.AskAsync(operation, "dry_run=true");
        Assert.Equal((400, "unknown_parameter"), (refused.Status, refused.Json.GetProperty("errors")[0].GetProperty("code").GetString()));
    }

    /// <summary>Positions are given by whoever looks first; they are no part of what is written.</summary>
    private async Task<IReadOnlyDictionary<string, string>> DigestAsync()
    {
        await registry.App.Services.GetRequiredService<Sequencer>().RunAsync(TestContext.Current.CancellationToken);
        return await Tables.DigestAsync(registry);
    }

    private static string WithoutIds(string text) => Varying().Replace(text, "*");

    /// <summary>Ids, times, secrets, digests of what has ids and times in it, and how long a search took.</summary>
    [GeneratedRegex("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\\d{4}-\\d\\d-\\d\\dT[0-9:.]+(\\+00:00|Z)|crs_[A-Za-z0-9_-]+|whsec_[A-Za-z0-9+/=]+|msg_[0-9a-f]{32}|\"trace_id\":\"[^\"]+\"|\"(catalogue_position|elapsed_ms|milliseconds)\":[0-9.]+", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Varying();
}
