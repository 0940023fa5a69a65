using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace CapabilityRegistry.Benchmarks.Proxies;

/// <summary>A folder for a proxy under test: its configuration as it is committed but for names, ports and paths, and a certificate that nobody has to trust for longer.</summary>
internal sealed class ProxyFolder : IDisposable
{
    public const string Host = "api.apg.datacraft.co.ke";

    private static readonly string Deploy = System.IO.Path.Combine(AppContext.BaseDirectory, "deploy");

    public ProxyFolder()
    {
        // A proxy that root starts works as another user, who keeps what does not fit in memory in files of this folder.
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        }

        using var key = RSA.Create(2048);
        var request = new CertificateRequest($"CN={Host}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(Host);
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(7));
        Write("fullchain.pem", certificate.ExportCertificatePem());
        Write("privkey.pem", key.ExportPkcs8PrivateKeyPem());
        Write("registry.pem", $"{certificate.ExportCertificatePem()}\n{key.ExportPkcs8PrivateKeyPem()}\n");
    }

    public string Path { get; } = Directory.CreateTempSubdirectory("registry-proxy-").FullName;

    /// <summary>Writes a committed file with replacements. Each one has to be there to be replaced, or something else would be tested.</summary>
    public string Adapt(string committed, params (string From, string To)[] replacements)
    {
        var text = File.ReadAllText(System.IO.Path.Combine(Deploy, committed));
        foreach (var (from, to) in replacements)
        {
            text = text.Contains(from, StringComparison.Ordinal) ? text.Replace(from, to, StringComparison.Ordinal) : throw new InvalidOperationException($"{committed} has no \"{from}\".");
        }

        return Write(System.IO.Path.GetFileName(committed), text);
    }

    /// <summary>Speaks to the proxy as a browser would that believes its certificate.</summary>
    public static HttpClient Client(int port, string scheme = "https") => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        SslOptions = { RemoteCertificateValidationCallback = (_, certificate, _, _) => IsOurs(certificate) },
    })
    {
        BaseAddress = new($"{scheme}://127.0.0.1:{port}"),
        DefaultRequestHeaders = { Host = Host },
    };

    /// <summary>Where a proxy's program is.</summary>
    /// <exception cref="InvalidOperationException">It is not installed.</exception>
    public static string PathOf(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(System.IO.Path.PathSeparator).Append("/usr/sbin").Select(folder => System.IO.Path.Combine(folder, program)).FirstOrDefault(File.Exists)
        ?? throw new InvalidOperationException($"{program} is not installed.");

    public static bool IsOurs(X509Certificate? certificate) => certificate?.Subject == $"CN={Host}";

    public void Dispose() => Directory.Delete(Path, recursive: true);

    private string Write(string file, string text)
    {
        var path = System.IO.Path.Combine(Path, file);
        File.WriteAllText(path, text);
        return path;
    }
}
