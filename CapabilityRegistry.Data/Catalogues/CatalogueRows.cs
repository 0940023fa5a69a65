using CapabilityRegistry.Core.Catalogues;
using CapabilityRegistry.Core.Manifests;
using CapabilityRegistry.Core.Versions;
using Npgsql;

namespace CapabilityRegistry.Data.Catalogues;

/// <summary>Streams the rows that resolution reads, in the order of their versions, and joins them in one pass.</summary>
internal sealed class CatalogueRows(NpgsqlConnection connection, string tenantId, Guid[]? only)
{
    private readonly CatalogueVersionReader _interned = new();
    private readonly Dictionary<string, SemanticVersion> _versions = new(StringComparer.Ordinal);
    private readonly Dictionary<Guid, List<CatalogueDependency>> _dependencies = [];
    private readonly Dictionary<Guid, List<CatalogueService>> _services = [];

    public async Task ReadIntoAsync(CatalogueBuilder builder, IReadOnlyDictionary<Guid, string>? expected, CancellationToken cancellationToken)
    {
        if (only is null)
        {
            await FullScan.PlanAsync(connection, cancellationToken);
        }

        var names = await ReadNamesAsync(cancellationToken);
        await ReadDependenciesAsync(names, cancellationToken);
        await ReadServicesAsync(names, cancellationToken);
        var found = await ReadVersionsAsync(builder, cancellationToken);
        foreach (var (id, code) in expected ?? new Dictionary<Guid, string>())
        {
            if (!found.Contains(id))
            {
                builder.Remove(code);
            }
        }
    }

    /// <summary>A command over a tenant's rows; <c>{only}</c> in it restricts them to the capabilities asked for.</summary>
    private NpgsqlCommand Command(string sql, string owner = "v.capability_id")
    {
        var command = new NpgsqlCommand(sql.Replace("{only}", only is null ? "" : $"AND {owner} = ANY($2)", StringComparison.Ordinal), connection);
        command.Parameters.Add(new() { Value = tenantId });
        if (only is not null)
        {
            command.Parameters.Add(new() { Value = only });
        }

        return command;
    }

    private async Task<Dictionary<Guid, string>> ReadNamesAsync(CancellationToken cancellationToken)
    {
        await using var command = Command(only is null
            ? "SELECT name_id, name FROM names WHERE tenant_id = $1"
            : """
              SELECT n.name_id, n.name FROM names n WHERE n.tenant_id = $1 AND n.name_id IN (
                  SELECT unnest($2)
                  UNION SELECT dependency_id FROM dependencies v WHERE v.tenant_id = $1 AND v.dependent_id = ANY($2)
                  UNION SELECT service_id FROM provided_services v WHERE v.tenant_id = $1 AND v.capability_id = ANY($2))
              """);
        var names = new Dictionary<Guid, string>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            names.Add(reader.GetGuid(0), reader.GetString(1));
        }

        return names;
    }

    private async Task ReadDependenciesAsync(Dictionary<Guid, string> names, CancellationToken cancellationToken)
    {
        await using var command = Command(
            """
            SELECT v.version_id, v.alternative, v.dependency_id, v.version_range, v.dependency_type
            FROM dependencies v WHERE v.tenant_id = $1 {only} ORDER BY v.version_id, v.position, v.alternative
            """,
            owner: "v.dependent_id");
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var (version, list) = (Guid.Empty, new List<CatalogueDependency>());
        while (await reader.ReadAsync(cancellationToken))
        {
            var id = reader.GetGuid(0);
            if (id != version)
            {
                (version, list) = (id, []);
                _dependencies.Add(id, list);
            }

            var target = new CatalogueTarget(names[reader.GetGuid(2)], _interned.Range(reader.GetString(3)));
            if (reader.GetInt16(1) == 0)
            {
                list.Add(new(Words.To<DependencyType>(reader.GetString(4)), [target]));
            }
            else
            {
                list[^1] = list[^1] with { Targets = [.. list[^1].Targets, target] };
            }
        }
    }

    private async Task ReadServicesAsync(Dictionary<Guid, string> names, CancellationToken cancellationToken)
    {
        await using var command = Command(
            "SELECT v.version_id, v.service_id, v.service_version FROM provided_services v WHERE v.tenant_id = $1 {only} ORDER BY v.version_id, v.position");
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            if (!_services.TryGetValue(reader.GetGuid(0), out var list))
            {
                _services.Add(reader.GetGuid(0), list = []);
            }

            list.Add(new(names[reader.GetGuid(1)], reader.IsDBNull(2) ? null : Version(reader.GetString(2))));
        }
    }

    private async Task<HashSet<Guid>> ReadVersionsAsync(CatalogueBuilder builder, CancellationToken cancellationToken)
    {
        await using var command = Command(
            """
            SELECT v.capability_id, c.capability_code, v.version_id, v.version, v.lifecycle
            FROM capability_versions v JOIN capabilities c ON c.tenant_id = v.tenant_id AND c.capability_id = v.capability_id AND c.deleted_at IS NULL
            WHERE v.tenant_id = $1 {only} ORDER BY v.capability_id
            """);
        var found = new HashSet<Guid>();
        var (code, versions) = ("", new List<CatalogueVersion>());
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            if (found.Add(reader.GetGuid(0)))
            {
                Put(builder, code, versions);
                (code, versions) = (reader.GetString(1), []);
            }

            var id = reader.GetGuid(2);
            versions.Add(new(
                Version(reader.GetString(3)),
                Words.To<LifecycleState>(reader.GetString(4)),
                (IReadOnlyList<CatalogueDependency>?)_dependencies.GetValueOrDefault(id) ?? [],
                (IReadOnlyList<CatalogueService>?)_services.GetValueOrDefault(id) ?? []));
        }

        Put(builder, code, versions);
        return found;
    }

    private static void Put(CatalogueBuilder builder, string code, List<CatalogueVersion> versions)
    {
        if (versions.Count > 0)
        {
            builder.Put(new(code, versions));
        }
    }

    private SemanticVersion Version(string text)
    {
        if (!_versions.TryGetValue(text, out var version))
        {
            _versions.Add(text, version = SemanticVersion.Parse(text));
        }

        return version;
    }
}
