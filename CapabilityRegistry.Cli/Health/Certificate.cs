using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace CapabilityRegistry.Cli.Health;

/// <summary>The certificate that a server shows.</summary>
internal static class Certificate
{
    /// <summary>When it expires. Answered also for one that has expired, or that nobody vouches for: whether it is believed is the other checks' to say.</summary>
    public static async Task<DateTimeOffset> ExpiryAsync(Uri url, CancellationToken cancellationToken)
    {
        DateTimeOffset? expiry = null;
        using var client = new TcpClient();
        await client.ConnectAsync(url.Host, url.Port, cancellationToken);
        await using var tls = new SslStream(client.GetStream());
        var options = new SslClientAuthenticationOptions
        {
            TargetHost = url.Host,
            RemoteCertificateValidationCallback = (_, certificate, _, errors) =>
            {
                expiry = certificate is X509Certificate2 shown ? new(shown.NotAfter.ToUniversalTime()) : null;
                return errors is SslPolicyErrors.None;
            },
        };
        try
        {
            await tls.AuthenticateAsClientAsync(options, cancellationToken);
        }
        catch (AuthenticationException) when (expiry is not null)
        {
            // It was shown, which is all that is asked.
        }

        return expiry ?? throw new CheckFailedException("The server shows no certificate.");
    }
}
