using System.Net;
using System.Net.Sockets;

namespace CapabilityRegistry.Data.Webhooks;

/// <summary>Tells addresses of the public internet from those that lead to our own neighbourhood (IANA's special-purpose registries, RFC 6890).</summary>
public static class PublicAddresses
{
    /// <summary>Everything of IPv4 that is not globally reachable.</summary>
    private static readonly IPNetwork[] Special4 =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15",
            "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
        }.Select(IPNetwork.Parse),
    ];

    /// <summary>What has been given out of IPv6 so far. Outside of it are the loopback, unique local and link-local addresses, multicast, NAT64, and IPv4 in IPv6's clothes.</summary>
    private static readonly IPNetwork Global6 = IPNetwork.Parse("2000::/3");

    /// <summary>Within it: protocol assignments with Teredo, documentation, 6to4.</summary>
    private static readonly IPNetwork[] Special6 = [.. new[] { "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20" }.Select(IPNetwork.Parse)];

    /// <summary>Where no receiver can be, whoever trusts the name: this host, the neighbours that need no router, groups, and where clouds keep the credentials of their machines.</summary>
    private static readonly IPNetwork[] Senseless =
    [
        .. new[] { "0.0.0.0/8", "169.254.0.0/16", "100.100.100.200/32", "192.0.0.192/32", "224.0.0.0/4", "240.0.0.0/4", "::/128", "fe80::/10", "ff00::/8", "fd00:ec2::/32" }
            .Select(IPNetwork.Parse),
    ];

    /// <summary>Whether an address is on the public internet.</summary>
    public static bool Has(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return address.AddressFamily switch
        {
            AddressFamily.InterNetwork => !Contains(Special4, address),
            AddressFamily.InterNetworkV6 => IsWithin(Global6, address) && !Contains(Special6, address),
            _ => false,
        };
    }

    /// <summary>Whether a host that is trusted by name may be at an address.</summary>
    public static bool CanBeTrusted(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return !address.IsIPv4MappedToIPv6 && !Contains(Senseless, address);
    }

    /// <summary>Whether an address is in a network. IPv4 in IPv6's clothes is in none.</summary>
    /// <remarks>.NET 10 compares the IPv4 address inside with what an IPv6 network has in that place, which is zero: by itself it finds ::ffff:10.0.0.1 in 2000::/3.</remarks>
    public static bool IsWithin(IPNetwork network, IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return !address.IsIPv4MappedToIPv6 && network.BaseAddress.AddressFamily == address.AddressFamily && network.Contains(address);
    }

    private static bool Contains(IPNetwork[] networks, IPAddress address) => Array.Exists(networks, network => IsWithin(network, address));
}
