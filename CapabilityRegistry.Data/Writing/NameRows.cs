using CapabilityRegistry.Core.Manifests;
using Npgsql;

namespace CapabilityRegistry.Data.Writing;

/// <summary>Gives every name of a batch its id, making those that are new.</summary>
internal static class NameRows
{
    public static async Task<Dictionary<string, Guid>> InternAsync(
        NpgsqlConnection connection, WriteContext context, IReadOnlyList<PlannedWrite> writes, CancellationToken cancellationToken)
    {
        var names = writes.SelectMany(w => NamesOf(w.Release)).ToHashSet(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray();
        var known = await FindAsync(connection, context.TenantId, names, cancellationToken);
        var missing = names.Where(n => !known.ContainsKey(n)).ToArray();
        if (missing.Length > 0)
        {
            await InsertAsync(connection, context, missing, cancellationToken);
            foreach (var (name, id) in await FindAsync(connection, context.TenantId, missing, cancellationToken))
            {
                known.Add(name, id);
            }
        }

        return known;
    }

    private static IEnumerable<string> NamesOf(Release release)
    {
        yield return release.Code;
        foreach (var dependency in release.Manifest.Dependencies ?? [])
        {
            yield return CapabilityCode.Normalise(dependency.CapabilityCode)!;
            foreach (var alternative in dependency.Alternatives ?? [])
            {
                yield return CapabilityCode.Normalise(alternative.CapabilityCode)!;
            }
        }

        foreach (var service in release.Manifest.ProvidesServices ?? [])
        {
            yield return CapabilityCode.Normalise(service.Service)!;
        }
    }

    private static async Task<Dictionary<string, Guid>> FindAsync(NpgsqlConnection connection, string tenantId, string[] names, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT name, name_id FROM names WHERE tenant_id = $1 AND name = ANY($2)", connection)
        {
            Parameters = { new() { Value = tenantId }, new() { Value = names } },
        };
        var found = new Dictionary<string, Guid>(names.Length, StringComparer.Ordinal);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            found.Add(reader.GetString(0), reader.GetGuid(1));
        }

        return found;
    }

    /// <summary>The names come in order, so that two batches wait for each other's unique entries in the same order.</summary>
    private static async Task InsertAsync(NpgsqlConnection connection, WriteContext context, string[] names, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            "INSERT INTO names (tenant_id, name_id, name) SELECT $1, id, name FROM unnest($2, $3) AS new (id, name) ON CONFLICT (tenant_id, name) DO NOTHING", connection)
        {
            Parameters = { new() { Value = context.TenantId }, new() { Value = Array.ConvertAll(names, _ => Guid.CreateVersion7(context.Now)) }, new() { Value = names } },
        };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
