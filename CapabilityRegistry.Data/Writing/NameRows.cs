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
        var known = await InternAsync(connection, context, names, cancellationToken);
        if (names.Where(n => !known.ContainsKey(n)).ToArray() is { Length: > 0 } others)
        {
            foreach (var (name, id) in await FindAsync(connection, context.TenantId, others, cancellationToken))
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

    /// <summary>Finds the names, and makes those that are not there. What another transaction has made meanwhile is in neither half of the answer.</summary>
    /// <remarks>The names come in order, so that two batches wait for each other's unique entries in the same order. The transaction's statements are planned once for a session: they are
    /// probes of indexes whatever their arrays hold, and planning some of them anew costs more than running them. LATERAL with OFFSET 0 keeps them probes where a plan was made while the table
    /// was small.</remarks>
    private static async Task<Dictionary<string, Guid>> InternAsync(NpgsqlConnection connection, WriteContext context, string[] names, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new("SET LOCAL plan_cache_mode = force_generic_plan"),
                new(
                    """
                    WITH known AS MATERIALIZED (
                        SELECT asked.name, n.name_id FROM unnest($2) AS asked (name) CROSS JOIN LATERAL (SELECT name_id FROM names WHERE tenant_id = $1 AND name = asked.name OFFSET 0) AS n),
                    made AS (
                        INSERT INTO names (tenant_id, name_id, name)
                        SELECT $1, id, name FROM unnest($3, $2) AS new (id, name) WHERE name NOT IN (SELECT name FROM known)
                        ON CONFLICT (tenant_id, name) DO NOTHING RETURNING name, name_id)
                    SELECT name, name_id FROM known UNION ALL SELECT name, name_id FROM made
                    """)
                {
                    Parameters = { new() { Value = context.TenantId }, new() { Value = names }, new() { Value = Array.ConvertAll(names, _ => Guid.CreateVersion7(context.Now)) } },
                },
            },
        };
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        return await ReadAsync(reader, cancellationToken);
    }

    private static async Task<Dictionary<string, Guid>> FindAsync(NpgsqlConnection connection, string tenantId, string[] names, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT name, name_id FROM names WHERE tenant_id = $1 AND name = ANY($2)", connection)
        {
            Parameters = { new() { Value = tenantId }, new() { Value = names } },
        };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await ReadAsync(reader, cancellationToken);
    }

    private static async Task<Dictionary<string, Guid>> ReadAsync(NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, Guid>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellationToken))
        {
            found.Add(reader.GetString(0), reader.GetGuid(1));
        }

        return found;
    }
}
