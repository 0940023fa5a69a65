using CapabilityRegistry.Standalone.Postgres;

namespace CapabilityRegistry.Benchmarks.Proxies;

/// <summary>A real NGINX with the committed configuration in front of one or two servers.</summary>
internal sealed class Nginx : IProxy
{
    /// <summary>What it may have to keep in files.</summary>
    private static readonly string[] Kept = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];

    private readonly ProxyFolder _folder = new();
    private readonly string _program;
    private readonly string _configuration;

    private Nginx(string program, int first, int second, bool isLimited)
    {
        _program = program;
        (HttpPort, HttpsPort) = (LoopbackPort.PickFree(), LoopbackPort.PickFree());
        (string, string)[] limit = isLimited ? [("        127.0.0.0/8  1;\n", "")] : [];
        _folder.Adapt(
            "nginx/servers.conf",
            ("server app1:8000 ", $"server 127.0.0.1:{first} "),
            ("server app2:8000 ", $"server 127.0.0.1:{second} "),
            ("server app3:8000 max_fails=3 fail_timeout=5s;\n", ""));
        _configuration = _folder.Adapt(
            "nginx/nginx.conf",
            [
                ("listen 80;", $"listen 127.0.0.1:{HttpPort};"),
                ("        listen [::]:80;\n", ""),
                ("listen 443 ssl", $"listen 127.0.0.1:{HttpsPort} ssl"),
                ("        listen [::]:443 ssl http2;\n", ""),
                ("/run/nginx.pid", $"{_folder.Path}/nginx.pid"),
                ("/var/log/nginx/", $"{_folder.Path}/"),
                ("/etc/nginx/ssl/", $"{_folder.Path}/"),
                ("    server_tokens off;\n", $"    server_tokens off;\n{string.Concat(Kept.Select(kind => $"    {kind}_temp_path {_folder.Path}/{kind};\n"))}"),
                .. limit,
            ]);
    }

    public int HttpPort { get; }

    public int HttpsPort { get; }

    /// <summary>Everything that it has logged of requests, as soon as it has logged one: that comes after the answer.</summary>
    public async Task<string> ReadAccessLogAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            if (await File.ReadAllTextAsync(Path.Combine(_folder.Path, "access.log"), cancellationToken) is { Length: > 0 } log)
            {
                return log;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, cancellationToken);
        }
    }

    /// <summary>Starts it. It answers when this returns.</summary>
    public static async Task<Nginx> StartAsync(string program, int first, int? second = null, bool isLimited = false)
    {
        var nginx = new Nginx(program, first, second ?? first, isLimited);
        (await nginx.RunAsync()).Require("The start of NGINX");
        return nginx;
    }

    /// <summary>Has the configuration checked.</summary>
    public static async Task<ChildResult> CheckAsync(string program)
    {
        var nginx = new Nginx(program, 1, 2, isLimited: false);
        using (nginx._folder)
        {
            return await nginx.RunAsync("-t");
        }
    }

    public async ValueTask DisposeAsync()
    {
        using (_folder)
        {
            await RunAsync("-s", "stop");
        }
    }

    private Task<ChildResult> RunAsync(params string[] arguments) =>
        new ChildProcess(TimeProvider.System).RunAsync(new(_program, ["-c", _configuration, "-e", Path.Combine(_folder.Path, "error.log"), .. arguments]) { WorkingDirectory = _folder.Path, Timeout = TimeSpan.FromSeconds(60) }, CancellationToken.None);
}
