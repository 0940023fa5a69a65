using System.ComponentModel;
using System.Diagnostics;

namespace CapabilityRegistry.AppHost;

/// <summary>Chooses between containers and local programs: <c>--engine containers|executables|auto</c>.</summary>
internal static class Engine
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public static bool UsesContainers(IDistributedApplicationBuilder builder)
    {
        var engine = builder.Configuration["engine"] ?? "auto";
        return engine switch
        {
            "containers" => true,
            "executables" => builder.ExecutionContext.IsPublishMode,
            "auto" => builder.ExecutionContext.IsPublishMode || Answers("docker") || Answers("podman"),
            _ => throw new InvalidOperationException($"--engine is containers, executables or auto, not '{engine}'."),
        };
    }

    /// <summary>Whether a container engine is there and its service runs.</summary>
    private static bool Answers(string program)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, "info") { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true });
            if (process is null || !process.WaitForExit(Patience))
            {
                process?.Kill();
                return false;
            }

            return process.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}
