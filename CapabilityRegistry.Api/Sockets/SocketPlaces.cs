using CapabilityRegistry.Api.Identity;
using Microsoft.Extensions.Options;

namespace CapabilityRegistry.Api.Sockets;

/// <summary>Counts the open sockets of this process, so that no tenant and no client has more than its share.</summary>
internal sealed class SocketPlaces(IOptions<SocketOptions> options)
{
    private readonly Dictionary<(string Tenant, string? Client), int> _taken = [];

    /// <summary>Takes a place until the result is disposed; null when there is none left.</summary>
    public IDisposable? TryTake(Caller caller)
    {
        var (tenant, client) = ((caller.TenantId, (string?)null), (caller.TenantId, caller.ClientId));
        lock (_taken)
        {
            if (_taken.GetValueOrDefault(tenant) >= options.Value.PerTenant || _taken.GetValueOrDefault(client) >= options.Value.PerClient)
            {
                return null;
            }

            _taken[tenant] = _taken.GetValueOrDefault(tenant) + 1;
            _taken[client] = _taken.GetValueOrDefault(client) + 1;
            return new Place(this, tenant, client);
        }
    }

    private void Leave((string Tenant, string? Client) owner)
    {
        lock (_taken)
        {
            if (--_taken[owner] == 0)
            {
                _taken.Remove(owner);
            }
        }
    }

    private sealed class Place(SocketPlaces places, (string Tenant, string? Client) tenant, (string Tenant, string? Client) client) : IDisposable
    {
        public void Dispose()
        {
            places.Leave(tenant);
            places.Leave(client);
        }
    }
}
