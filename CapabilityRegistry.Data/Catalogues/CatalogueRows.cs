using System.Runtime.InteropServices;
using CapabilityRegistry.Core.Catalogues;
using CapabilityRegistry.Core.Manifests;
using CapabilityRegistry.Core.Versions;
using Npgsql;

namespace CapabilityRegistry.Data.Catalogues;

/// <summary>Streams the rows that resolution reads and joins them here: for a whole tenant the server would sort hundreds of thousands of rows that come almost in order anyway.</summary>
internal sealed class CatalogueRows(NpgsqlConnection connection, string tenantId, Guid[]? only)
{
    private readonly CatalogueVersionReader _interned = new();
    private readonly Dictionary<string, SemanticVersion> _versions = new(StringComparer.Ordinal);
    private readonly Dictionary<Guid, List<TargetRow>> _dependencies = [];
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
            "SELECT v.version_id, v.position, v.alternative, v.dependency_id, v.version_range, v.dependency_type FROM dependencies v WHERE v.tenant_id = $1 {only}",
            owner: "v.dependent_id");
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            ListOf(_dependencies, reader.GetGuid(0)).Add(new(
                reader.GetInt16(1), reader.GetInt16(2), new(names[reader.GetGuid(3)], _interned.Range(reader.GetString(4))), Words.To<DependencyType>(reader.GetString(5))));
        }
    }

    /// <summary>Targets in manifest order, gathered to dependencies.</summary>
    private IReadOnlyList<CatalogueDependency> DependenciesOf(Guid version)
    {
        if (!_dependencies.TryGetValue(version, out var targets))
        {
            return [];
        }

        targets.Sort(static (a, b) => a.Position != b.Position ? a.Position.CompareTo(b.Position) : a.Alternative.CompareTo(b.Alternative));
        var dependencies = new List<CatalogueDependency>(targets.Count);
        for (var i = 0; i < targets.Count;)
        {
            var first = i;
            while (i < targets.Count && targets[i].Position == targets[first].Position)
            {
                i++;
            }

            dependencies.Add(new(targets[first].Type, targets[first..i].ConvertAll(t => t.Target)));
        }

        return dependencies;
    }

    private static List<T> ListOf<T>(Dictionary<Guid, List<T>> lists, Guid key)
    {
        ref var list = ref CollectionsMarshal.GetValueRefOrAddDefault(lists, key, out _);
        return list ??= [];
    }

    private async Task ReadServicesAsync(Dictionary<Guid, string> names, CancellationToken cancellationToken)
    {
        await using var command = Command(
            "SELECT v.version_id, v.service_id, v.service_version FROM provided_services v WHERE v.tenant_id = $1 {only}");
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            ListOf(_services, reader.GetGuid(0)).Add(new(names[reader.GetGuid(1)], reader.IsDBNull(2) ? null : Version(reader.GetString(2))));
        }
    }

    private async Task<HashSet<Guid>> ReadVersionsAsync(CatalogueBuilder builder, CancellationToken cancellationToken)
    {
        await using var command = Command(
            """
            SELECT v.capability_id, c.capability_code, v.version_id, v.version, v.lifecycle
            FROM capability_versions v JOIN capabilities c ON c.capability_id = v.capability_id AND c.tenant_id = v.tenant_id AND c.deleted_at IS NULL
            WHERE v.tenant_id = $1 {only}
            """);
        var codes = new Dictionary<Guid, string>();
        var versions = new Dictionary<Guid, List<CatalogueVersion>>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var (capability, version) = (reader.GetGuid(0), reader.GetGuid(2));
            codes.TryAdd(capability, reader.GetString(1));
            ListOf(versions, capability).Add(new(
                Version(reader.GetString(3)),
                Words.To<LifecycleState>(reader.GetString(4)),
                DependenciesOf(version),
                (IReadOnlyList<CatalogueService>?)_services.GetValueOrDefault(version) ?? []));
        }

        foreach (var (capability, code) in codes)
        {
            builder.Put(new(code, versions[capability]));
        }

        return [.. codes.Keys];
    }

    private SemanticVersion Version(string text)
    {
        if (!_versions.TryGetValue(text, out var version))
        {
            _versions.Add(text, version = SemanticVersion.Parse(text));
        }

        return version;
    }

    private readonly record struct TargetRow(short Position, short Alternative, CatalogueTarget Target, DependencyType Type);
}
