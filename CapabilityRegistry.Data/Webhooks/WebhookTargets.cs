using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;

namespace CapabilityRegistry.Data.Webhooks;

/// <summary>Looks names up.</summary>
public interface IHostResolver
{
    /// <summary>The addresses of a name; none when it has none.</summary>
    /// <exception cref="SocketException">Nobody knows the name, or nobody answers.</exception>
    Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken);
}

/// <summary>Looks names up as the system does.</summary>
internal sealed class SystemResolver : IHostResolver
{
    public Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken) => Dns.GetHostAddressesAsync(host, cancellationToken);
}

/// <summary>A receiver that must not be called. The message is for its owner.</summary>
public sealed class TargetRefusedException(string message) : Exception(message);

/// <summary>Where webhooks may lead: to public receivers, and to those of the operator's own network that are configured. Asked when a webhook is written, for the sake of whoever writes it,
/// and again of the addresses of every connection: only that counts, since a name can lead elsewhere by then.</summary>
public sealed class WebhookTargets(IOptions<WebhooksOptions> options, IHostResolver resolver)
{
    /// <summary>The longest address.</summary>
    public const int LongestUrl = 2_048;

    /// <summary>Names that are never public, whatever a resolver makes of them (RFC 6761, 6762, 8375; ICANN's reservation of .internal).</summary>
    private static readonly string[] LocalNames = ["localhost", "local", "internal", "home.arpa"];

    private readonly IPNetwork[] _networks = [.. options.Value.AllowedNetworks.Select(IPNetwork.Parse)];
    private readonly string[] _hosts = [.. options.Value.AllowedHosts.Select(Folded)];
    private readonly IReadOnlyList<int> _ports = options.Value.Ports.Count > 0 ? options.Value.Ports : WebhooksOptions.DefaultPorts;

    /// <summary>What is wrong with an address as it stands; null when nothing is.</summary>
    public string? Check(string url)
    {
        ArgumentNullException.ThrowIfNull(url);
        if (url.Length > LongestUrl)
        {
            return $"At most {LongestUrl} characters are allowed.";
        }

        if (url.Any(c => char.IsControl(c) || char.IsWhiteSpace(c) || c == '\\') || !Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Scheme is not ("https" or "http") || uri.Host.Length == 0)
        {
            return "Must be an absolute https address.";
        }

        if (uri.UserInfo.Length > 0 || uri.Fragment.Length > 0)
        {
            return "Must have no user information and no fragment.";
        }

        return IsTrusted(uri.IdnHost) ? null : CheckPublic(uri);
    }

    /// <summary>What is wrong with where an address leads at present; null when nothing is, or when nobody knows the name (yet).</summary>
    public async Task<string?> CheckHostAsync(string url, CancellationToken cancellationToken)
    {
        try
        {
            await VetAsync(new Uri(url).IdnHost, cancellationToken);
            return null;
        }
        catch (TargetRefusedException refused)
        {
            return refused.Message;
        }
        catch (SocketException)
        {
            return null;
        }
    }

    /// <summary>The addresses of a host, all of which may be called.</summary>
    /// <exception cref="TargetRefusedException">One of them must not, or there is none.</exception>
    /// <exception cref="SocketException">Nobody knows the name, or nobody answers.</exception>
    public async Task<IReadOnlyList<IPAddress>> VetAsync(string host, CancellationToken cancellationToken)
    {
        var isTrusted = IsTrusted(host);
        var addresses = IPAddress.TryParse(Folded(host), out var literal) ? [literal] : await resolver.ResolveAsync(host, cancellationToken);
        return addresses.Length == 0 ? throw new TargetRefusedException("The host has no address.")
            : Array.TrueForAll(addresses, address => MayCall(address, isTrusted)) ? addresses
            : throw new TargetRefusedException("The host is at an address that is not public.");
    }

    private string? CheckPublic(Uri uri)
    {
        if (uri.Scheme != "https")
        {
            return "Must begin with https.";
        }

        if (!_ports.Contains(uri.Port))
        {
            return $"The port must be one of {string.Join(", ", _ports)}.";
        }

        var host = Folded(uri.IdnHost);
        return IPAddress.TryParse(host, out var literal) ? MayCall(literal, isTrusted: false) ? null : "The address is not public."
            : !host.Contains('.', StringComparison.Ordinal) || Array.Exists(LocalNames, name => host == name || host.EndsWith($".{name}", StringComparison.Ordinal)) ? "The host's name is not public."
            : null;
    }

    private bool MayCall(IPAddress address, bool isTrusted) =>
        PublicAddresses.Has(address) || (isTrusted && PublicAddresses.CanBeTrusted(address)) || Array.Exists(_networks, network => PublicAddresses.IsWithin(network, address));

    private bool IsTrusted(string host)
    {
        var folded = Folded(host);
        return Array.Exists(_hosts, trusted => trusted.StartsWith("*.", StringComparison.Ordinal) ? folded.EndsWith(trusted[1..], StringComparison.Ordinal) : folded == trusted);
    }

    /// <summary>One spelling of a host: small letters, no dot at the end, no brackets.</summary>
    private static string Folded(string host) => host.Trim('[', ']').TrimEnd('.').ToLowerInvariant();
}
