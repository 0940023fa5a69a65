using System.Text.Json;
using CapabilityRegistry.Tests.Testing;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace CapabilityRegistry.Tests.Api.Contract;

/// <summary>Requests end at the time limit, wherever they hang, and leave nothing behind; streams do not.</summary>
public sealed class TimeLimitTests(RegistryFixture registry) : IClassFixture<RegistryFixture>, IAsyncLifetime
{
    private RegistryApp _app = null!;

    public async ValueTask InitializeAsync() =>
        _app = await RegistryApp.StartAsync(registry.ConnectionString, settings: new Dictionary<string, string?>(StringComparer.Ordinal) { ["Requests:TimeoutSeconds"] = "1" });

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task A_body_that_never_ends_is_not_waited_for()
    {
        await using var connection = await RawConnection.OpenAsync(_app);
        await connection.SendHeadAsync(_app, "POST /api/capabilities", "application/json");
        await connection.SendChunkAsync(Sample.Manifest("never-ending")[..20]);
        var answer = await connection.ReadUntilAsync("\"UNAVAILABLE\"}");
        Assert.StartsWith("HTTP/1.1 503 ", answer, StringComparison.Ordinal);
        Assert.Contains("Retry-After: 2\r\n", answer, StringComparison.Ordinal);
        Assert.Contains("Content-Type: application/problem+json", answer, StringComparison.Ordinal);
        Assert.Contains("X-Request-ID: ", answer, StringComparison.Ordinal);
        Assert.Equal(404, (await _app.GetAsync("/api/capabilities/never-ending")).Status);
    }

    [Theory]
    [InlineData("PatchCapability", null)]
    [InlineData("YankVersion", "k")]
    [InlineData("PublishVersion", "k")]
    public async Task A_write_that_waits_for_a_row_is_ended_and_taken_back(string id, string? key)
    {
        var tenant = await SeededTenant.CreateAsync(_app, $"waits-{id.ToLowerInvariant()}");
        await using var other = await HoldAsync(tenant.TenantId);
        var before = await Tables.DigestAsync(registry);
        var operation = Operation.Of(id);
        var answer = await (key is null ? tenant.AskAsync(operation) : tenant.AskAsync(operation, "", ("Idempotency-Key", key)));
        Assert.Equal((503, "UNAVAILABLE", "The request took too long."), (answer.Status, answer.ErrorCode, answer.Json.GetProperty("title").GetString()));
        Assert.Equal(2, answer.Headers.RetryAfter!.Delta!.Value.TotalSeconds);
        Assert.Equal(before, await Tables.DigestAsync(registry));

        await other.DisposeAsync();
        Assert.InRange((await (key is null ? tenant.AskAsync(operation) : tenant.AskAsync(operation, "", ("Idempotency-Key", key)))).Status, 200, 201);
    }

    [Fact]
    public async Task An_envelope_is_put_around_that_refusal_too()
    {
        var tenant = await SeededTenant.CreateAsync(_app, "waits-wrapped");
        await using var other = await HoldAsync(tenant.TenantId);
        var answer = await tenant.PatchAsync("/api/capabilities/checkout", "{}", ("X-API-Version", "1.0"));
        Assert.Equal(503, answer.Status);
        Assert.Equal("UNAVAILABLE", JsonDocument.Parse(answer.Text).RootElement.GetProperty("meta").GetProperty("error_code").GetString());
    }

    [Fact]
    public async Task An_import_goes_on_beyond_the_limit()
    {
        await using var import = await RawConnection.OpenAsync(_app);
        await import.SendHeadAsync(_app, "POST /api/capabilities/import", "application/x-ndjson");
        await import.SendChunkAsync($"{Sample.Manifest("long-import", "1.0.0")}\n");
        await using (var hanging = await RawConnection.OpenAsync(_app))
        {
            await hanging.SendHeadAsync(_app, "POST /api/capabilities", "application/json");
            await hanging.ReadUntilAsync("\"UNAVAILABLE\"}");
        }

        await import.SendChunkAsync($"{Sample.Manifest("long-import", "2.0.0")}\n");
        await import.SendEndAsync();
        var answer = await import.ReadUntilAsync("\"line\":2,");
        Assert.StartsWith("HTTP/1.1 200 ", answer, StringComparison.Ordinal);
    }

    [Fact]
    public void Only_streams_and_what_has_a_limit_of_its_own_are_exempt()
    {
        var exempt = _app.Services.GetRequiredService<EndpointDataSource>().Endpoints.Where(e => e.Metadata.GetMetadata<DisableRequestTimeoutAttribute>() is not null);
        Assert.Equal(["ConnectSocket", "ExportCatalogue", "ImportCatalogue", "ListChanges"], exempt.Select(e => e.Metadata.GetMetadata<IEndpointNameMetadata>()!.EndpointName).Order(StringComparer.Ordinal));
    }

    /// <summary>Locks the tenant's capabilities until it is disposed.</summary>
    private async Task<NpgsqlConnection> HoldAsync(string tenantId)
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(registry.ConnectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var hold = new NpgsqlCommand($"BEGIN; SELECT 1 FROM capabilities WHERE tenant_id = '{tenantId}' FOR UPDATE", connection);
        await hold.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        return connection;
    }
}
