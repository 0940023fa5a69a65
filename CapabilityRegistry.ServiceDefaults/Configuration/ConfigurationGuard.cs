using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace CapabilityRegistry.ServiceDefaults.Configuration;

/// <summary>Ends a process whose configuration is not valid with a list of what to mend, not with a stack.</summary>
public static class ConfigurationGuard
{
    /// <summary><c>EX_CONFIG</c> of sysexits.h: an orchestrator that starts the process again unchanged gets the same answer.</summary>
    public const int ExitCode = 78;

    /// <summary>Runs a program.</summary>
    /// <returns>The program's exit code, or <see cref="ExitCode"/>.</returns>
    public static async Task<int> RunAsync(Func<Task<int>> program)
    {
        ArgumentNullException.ThrowIfNull(program);
        try
        {
            return await program();
        }
        catch (Exception exception) when (ConfigurationException.From(exception) is { } configuration)
        {
            await Console.Error.WriteLineAsync(configuration.Message);
            return ExitCode;
        }
    }

    /// <summary>Validates every option that is validated on start, before the start: a host that fails while starting logs the stack.</summary>
    /// <exception cref="ConfigurationException">Some are not valid; all of them are listed.</exception>
    public static void CheckConfiguration(this IHost host)
    {
        ArgumentNullException.ThrowIfNull(host);
        try
        {
            host.Services.GetService<IStartupValidator>()?.Validate();
        }
        catch (Exception exception) when (ConfigurationException.From(exception) is { } configuration)
        {
            throw new ConfigurationException(configuration.Findings);
        }
    }
}
