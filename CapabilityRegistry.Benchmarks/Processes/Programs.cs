using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using CapabilityRegistry.Standalone.Postgres;

namespace CapabilityRegistry.Benchmarks.Processes;

/// <summary>API and worker as programs of their own, in the environment Production, with the settings that all of them share. What each of them prints is in a file of its own.</summary>
internal sealed class Programs(string connectionString, string folder)
{
    public const string Api = "api";
    public const string Worker = "worker";

    private const string Secret = "the secret of a benchmark, known to all";

    private readonly Lock _lock = new();
    private readonly Dictionary<string, string> _environment = new(StringComparer.Ordinal)
    {
        ["ASPNETCORE_ENVIRONMENT"] = "Production",
        ["ConnectionStrings__registry"] = connectionString,
        ["Auth__SigningKey"] = "the signing key of a benchmark, 32 bytes and more",
        ["Auth__AccessTokenMinutes"] = "600",
        ["RateLimit__Enabled"] = "false",
        ["Bootstrap__ClientSecret"] = Secret,
        ["Webhooks__AllowedHosts__0"] = "127.0.0.1",
        ["Logging__LogLevel__Default"] = "Warning",
    };

    /// <summary>A further setting of all programs that are started from now on.</summary>
    public void Set(string name, string value) => _environment[name] = value;

    /// <summary>Starts one. Two of a kind are told apart by their names.</summary>
    /// <param name="program">Which.</param>
    /// <param name="name">The name of its log.</param>
    /// <param name="address">Where it listens.</param>
    /// <param name="ended">What is done when it ends, however it does.</param>
    /// <param name="metricsPort">Where it tells of itself; by default on any free port.</param>
    public Process Start(string program, string name, Uri address, Action? ended = null, int? metricsPort = null)
    {
        var process = new Process { StartInfo = Describe(program, address), EnableRaisingEvents = true };
        if (metricsPort is { } port)
        {
            process.StartInfo.Environment["METRICS_PORT"] = port.ToString(CultureInfo.InvariantCulture);
        }

        var log = LogOf(name);
        process.OutputDataReceived += (_, line) => Append(log, line.Data);
        process.ErrorDataReceived += (_, line) => Append(log, line.Data);
        process.Exited += (_, _) => ended?.Invoke();
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    /// <summary>Where what one of them prints is written.</summary>
    public string LogOf(string name) => Path.Combine(folder, $"{name}.log");

    /// <summary>Brings the schema up to date, and makes the first tenant.</summary>
    public async Task MigrateAsync(string owner, CancellationToken cancellationToken)
    {
        var start = Describe(Worker, new("http://127.0.0.1:0"), "migrate");
        start.Environment["ConnectionStrings__registry-owner"] = owner;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var errors = await process.StandardError.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"The migration failed: {await output} {errors}");
        }
    }

    /// <summary>Asks for a token of the first administrator.</summary>
    public static HttpRequestMessage TokenRequest() =>
        new(HttpMethod.Post, "/api/auth/token") { Content = JsonContent.Create(new { tenant_id = "default", client_id = "admin", client_secret = Secret }) };

    private ProcessStartInfo Describe(string program, Uri address, params string[] arguments)
    {
        var assembly = program == Api ? "CapabilityRegistry.Api.dll" : "CapabilityRegistry.Worker.dll";
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, assembly), .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,

            // As in the images. A host looks for changes of its configuration everywhere below the folder that it starts in.
            WorkingDirectory = AppContext.BaseDirectory,
        };
        foreach (var (key, value) in _environment)
        {
            start.Environment[key] = value;
        }

        start.Environment["ASPNETCORE_URLS"] = address.ToString();
        start.Environment["METRICS_PORT"] = LoopbackPort.PickFree().ToString(CultureInfo.InvariantCulture);
        return start;
    }

    private void Append(string log, string? line)
    {
        lock (_lock)
        {
            File.AppendAllText(log, $"{line}{Environment.NewLine}");
        }
    }
}
