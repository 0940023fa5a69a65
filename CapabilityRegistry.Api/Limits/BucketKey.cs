using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace CapabilityRegistry.Api.Limits;

/// <summary>What a bucket belongs to.</summary>
internal enum BucketOwner
{
    /// <summary>An authenticated client of a tenant.</summary>
    Client,

    /// <summary>An IPv4 address, also one that is written as IPv6.</summary>
    Address4,

    /// <summary>An IPv6 network of 64 bits: the smallest that a subscriber gets, so single addresses would be as many as one likes.</summary>
    Network6,
}

/// <summary>Names a bucket. Owners of different kinds never share one, whatever they are called.</summary>
internal readonly record struct BucketKey
{
    public const string TenantClaim = "tenant_id";
    public const string ClientClaim = "client_id";

    private BucketKey(BucketOwner owner, string tenant = "", string client = "", ulong network = 0) => (Owner, Tenant, Client, Network) = (owner, tenant, client, network);

    public BucketOwner Owner { get; }

    public string Tenant { get; }

    public string Client { get; }

    public ulong Network { get; }

    public static BucketKey Of(HttpContext context)
    {
        if (context.User.Identity is { IsAuthenticated: true })
        {
            var (tenant, client) = (context.User.FindFirst(TenantClaim)?.Value, context.User.FindFirst(ClientClaim)?.Value);
            if (tenant is not null || client is not null)
            {
                return Of(tenant ?? "", client ?? "");
            }
        }

        return Of(context.Connection.RemoteIpAddress);
    }

    public static BucketKey Of(string tenant, string client) => new(BucketOwner.Client, tenant, client);

    /// <summary>Connections without an address, such as Unix sockets, share the bucket of 0.0.0.0.</summary>
    public static BucketKey Of(IPAddress? address)
    {
        Span<byte> bytes = stackalloc byte[16];
        if (address is null || !address.TryWriteBytes(bytes, out _))
        {
            return new(BucketOwner.Address4);
        }

        return address.AddressFamily is AddressFamily.InterNetwork ? new(BucketOwner.Address4, network: BinaryPrimitives.ReadUInt32BigEndian(bytes))
            : address.IsIPv4MappedToIPv6 ? new(BucketOwner.Address4, network: BinaryPrimitives.ReadUInt32BigEndian(bytes[12..]))
            : new(BucketOwner.Network6, network: BinaryPrimitives.ReadUInt64BigEndian(bytes));
    }

    /// <summary>The name in a shared store. The tenant's length keeps tenant "a:b" with client "c" apart from tenant "a" with client "b:c".</summary>
    public override string ToString() => Owner switch
    {
        BucketOwner.Client => $"client:{Tenant.Length}:{Tenant}:{Client}",
        BucketOwner.Address4 => $"ip4:{Network:x8}",
        _ => $"ip6:{Network:x16}",
    };
}
