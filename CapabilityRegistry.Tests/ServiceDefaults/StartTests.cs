using System.Diagnostics;
using CapabilityRegistry.ServiceDefaults.Configuration;

namespace CapabilityRegistry.Tests.ServiceDefaults;

/// <summary>The programs as they are deployed: how they end when their configuration is not valid.</summary>
public sealed class StartTests
{
    [Theory]
    [InlineData("CapabilityRegistry.Api.dll")]
    [InlineData("CapabilityRegistry.Worker.dll")]
    [InlineData("CapabilityRegistry.Standalone.dll")]
    public async Task A_configuration_that_is_not_valid_ends_the_program_with_a_list_and_no_stack(string program)
    {
        var (code, error, _) = await RunAsync(program, ("JWT_ALGORITHM", "none"), ("ENABLE_WEBHOOK", "true"));
        Assert.Equal(ConfigurationGuard.ExitCode, code);
        Assert.Equal(
            """
            The configuration is not valid:
              JWT_ALGORITHM: expected HS256.
              ENABLE_WEBHOOK: unknown; did you mean ENABLE_WEBHOOKS?

            """,
            error,
            ignoreLineEndingDifferences: true);
    }

    [Theory]
    [InlineData("CapabilityRegistry.Api.dll")]
    [InlineData("CapabilityRegistry.Worker.dll")]
    public async Task A_misspelt_key_of_ours_ends_the_program_the_same_way(string program)
    {
        var (code, error, output) = await RunAsync(program, ("Features__Webhook", "false"));
        Assert.Equal(ConfigurationGuard.ExitCode, code);
        Assert.Contains("Features:Webhook: unknown; did you mean Webhooks?", error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error + output, StringComparison.Ordinal);
    }

    private static async Task<(int Code, string Error, string Output)> RunAsync(string program, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, program)]) { UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var (error, output) = (process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken), process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken));
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await error, await output);
    }
}
