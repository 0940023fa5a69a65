using System.Diagnostics;
using System.Globalization;
using CapabilityRegistry.Standalone.Postgres;

namespace CapabilityRegistry.Benchmarks.Proxies;

/// <summary>A real HAProxy with the committed configuration in front of one or two servers.</summary>
internal sealed class Haproxy : IProxy
{
    private readonly ProxyFolder _folder = new();
    private readonly string _configuration;
    private readonly string _pid;

    private Haproxy(int first, int? second, bool isLimited)
    {
        (HttpPort, HttpsPort, _pid) = (LoopbackPort.PickFree(), LoopbackPort.PickFree(), Path.Combine(_folder.Path, "pid"));
        (string, string)[] limit = isLimited ? [("src 127.0.0.0/8 ::1", "src 192.0.2.1")] : [];
        _configuration = _folder.Adapt(
            "haproxy/haproxy.cfg",
            [
                ("/etc/ssl/certs/registry.pem", $"{_folder.Path}/registry.pem"), ("bind *:80\n", $"bind 127.0.0.1:{HttpPort}\n"), ("bind *:443 ", $"bind 127.0.0.1:{HttpsPort} "),
                ("10.0.1.10:8000", $"127.0.0.1:{first}"), second is null ? ("    server app2 10.0.1.11:8000\n", "") : ("10.0.1.11:8000", $"127.0.0.1:{second}"), ("    server app3 10.0.1.12:8000\n", ""),
                ("127.0.0.1:8404", $"127.0.0.1:{LoopbackPort.PickFree()}"), ("    stats socket /run/haproxy/admin.sock mode 660 level admin\n", ""), ("    log stdout format raw local0 info\n", ""),
                ("    user haproxy\n    group haproxy\n    chroot /var/lib/haproxy\n", ""),
                .. limit,
            ]);
    }

    public int HttpPort { get; }

    public int HttpsPort { get; }

    /// <summary>Starts it. It answers when this returns.</summary>
    public static async Task<Haproxy> StartAsync(string program, int first, int? second = null, bool isLimited = false)
    {
        var haproxy = new Haproxy(first, second, isLimited);
        (await new ChildProcess(TimeProvider.System).RunAsync(new(program, "-D", "-f", haproxy._configuration, "-p", haproxy._pid) { WorkingDirectory = haproxy._folder.Path }, CancellationToken.None)).Require("The start of HAProxy");
        return haproxy;
    }

    public async ValueTask DisposeAsync()
    {
        using (_folder)
        {
            using var process = Process.GetProcessById(int.Parse((await File.ReadAllTextAsync(_pid)).Trim(), CultureInfo.InvariantCulture));
            process.Kill();
            await process.WaitForExitAsync();
        }
    }
}
