using System.Net;
using System.Net.Sockets;
using CapabilityRegistry.Data.Webhooks;

namespace CapabilityRegistry.Tests.Testing;

/// <summary>Knows no name: nothing that is tested here gets out to strangers.</summary>
internal sealed class NoHosts : IHostResolver
{
    public Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken) => Task.FromException<IPAddress[]>(new SocketException((int)SocketError.HostNotFound));
}

/// <summary>Knows names as a test says, and whatever it says last.</summary>
internal sealed class KnownHosts : IHostResolver
{
    private readonly Dictionary<string, IPAddress[]> _addresses = new(StringComparer.OrdinalIgnoreCase);

    public KnownHosts Say(string host, params string[] addresses)
    {
        _addresses[host] = Array.ConvertAll(addresses, IPAddress.Parse);
        return this;
    }

    public Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken) =>
        _addresses.TryGetValue(host, out var addresses) ? Task.FromResult(addresses) : Task.FromException<IPAddress[]>(new SocketException((int)SocketError.HostNotFound));
}
