using CapabilityRegistry.Data.Audit;
using CapabilityRegistry.Data.Events;
using CapabilityRegistry.Data.Tenancy;
using CapabilityRegistry.Tests.Api.Contract;
using CapabilityRegistry.Tests.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace CapabilityRegistry.Tests.Cli;

/// <summary>An auditor with the command line.</summary>
public sealed class AuditTests(RegistryFixture registry) : IClassFixture<RegistryFixture>, IDisposable
{
    private const string Tenant = "cli-audit";

    private readonly CommandLine _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task A_noted_head_proves_what_was_before_it_until_somebody_changes_that()
    {
        _cli.Environment["REGISTRY_URL"] = registry.App.Http.BaseAddress!.ToString();
        _cli.Environment["REGISTRY_TOKEN"] = await registry.App.Tokens.OfAsync(Tenant);
        await _cli.SucceedAsync("audit", "verify");
        for (var i = 0; i < 3; i++)
        {
            await registry.App.PostAsync("/api/capabilities", Sample.Manifest($"audited-{i}"), Tenant);
        }

        await LinkAsync();
        var noted = Path.Combine(_cli.Folder, "head.json");
        var head = await _cli.SucceedAsync("audit", "head", "--output", noted);
        Assert.StartsWith("3:", head.Output, StringComparison.Ordinal);
        Assert.Contains("4 links", (await _cli.SucceedAsync("audit", "verify", "--head", noted)).Output, StringComparison.Ordinal);
        Assert.Contains("\"valid\":true", (await _cli.SucceedAsync("audit", "verify", "--from", "1", "--to", "2", "--json")).Output, StringComparison.Ordinal);

        await Tables.ScalarAsync(registry, $"DELETE FROM audit_entries WHERE tenant_id = '{Tenant}' AND resource_id LIKE 'audited-1@%'");
        var found = await _cli.RunAsync("audit", "verify", "--head", noted);
        Assert.Equal(1, found.ExitCode);
        Assert.Contains("missing, link 2", found.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_holds_no_head_is_wrong_usage()
    {
        _cli.Environment["REGISTRY_URL"] = registry.App.Http.BaseAddress!.ToString();
        _cli.Environment["REGISTRY_TOKEN"] = await registry.App.Tokens.OfAsync(Tenant);
        var file = Path.Combine(_cli.Folder, "no-head.json");
        foreach (var text in new[] { "{}", "nonsense" })
        {
            await File.WriteAllTextAsync(file, text, TestContext.Current.CancellationToken);
            Assert.Equal(2, (await _cli.RunAsync("audit", "verify", "--head", file)).ExitCode);
        }
    }

    private async Task LinkAsync()
    {
        await registry.App.Services.GetRequiredService<Sequencer>().RunAsync(TestContext.Current.CancellationToken);
        await using var connection = await registry.App.Services.GetRequiredService<SystemDatabase>().OpenAsync(TestContext.Current.CancellationToken);
        await registry.App.Services.GetRequiredService<AuditChain>().AppendAsync(await EventReader.ReadAsync(connection, 0, 1_000, TestContext.Current.CancellationToken), TestContext.Current.CancellationToken);
    }
}
