using System.Buffers;
using System.Text;
using System.Text.Json;
using CapabilityRegistry.Api.Http;
using CapabilityRegistry.Core.Manifests;
using CapabilityRegistry.Data.Catalogues;
using CapabilityRegistry.Data.Tenancy;
using Npgsql;

namespace CapabilityRegistry.Api.Capabilities;

/// <summary>Every version of every living capability as a manifest, one a line, by code and ascending version. Streams in constant memory.</summary>
internal static class ExportCatalogue
{
    private const string Sql =
        """
        SELECT v.manifest::text, v.lifecycle, v.lifecycle_message, v.replaced_by, v.sunset_at
        FROM capabilities c JOIN capability_versions v ON v.tenant_id = c.tenant_id AND v.capability_id = c.capability_id
        WHERE c.tenant_id = $1 AND c.deleted_at IS NULL ORDER BY c.capability_code, v.precedence
        """;

    public static async Task<IResult> HandleAsync(HttpContext http, RegistryScope scope, TenantDatabase database)
    {
        await using var connection = await database.OpenAsync(scope.TenantId, http.RequestAborted);
        await using var transaction = await connection.BeginTransactionAsync(http.RequestAborted);
        await FullScan.PlanAsync(connection, http.RequestAborted);
        await using var command = new NpgsqlCommand(Sql, connection) { CommandTimeout = 0 };
        command.Parameters.Add(new() { Value = scope.TenantId });
        await using var reader = await command.ExecuteReaderAsync(http.RequestAborted);
        http.Response.ContentType = "application/x-ndjson";
        while (await reader.ReadAsync(http.RequestAborted))
        {
            Encoding.UTF8.GetBytes(WithLifecycle(reader.GetString(0), reader), http.Response.BodyWriter);
            http.Response.BodyWriter.Write("\n"u8);
            if (http.Response.BodyWriter.UnflushedBytes > 32 * 1024)
            {
                await http.Response.BodyWriter.FlushAsync(http.RequestAborted);
            }
        }

        return Results.Empty;
    }

    /// <summary>A version that is not active carries its lifecycle, so that an import elsewhere knows it too.</summary>
    private static string WithLifecycle(string manifest, NpgsqlDataReader reader)
    {
        var state = Words.To<LifecycleState>(reader.GetString(1));
        if (state is LifecycleState.Active)
        {
            return manifest;
        }

        var lifecycle = new ManifestLifecycle(
            state,
            reader.IsDBNull(2) ? null : reader.GetString(2),
            reader.IsDBNull(3) ? null : reader.GetString(3),
            reader.IsDBNull(4) ? null : reader.GetFieldValue<DateTimeOffset>(4));
        return $"{manifest.AsSpan(0, manifest.Length - 1)},\"lifecycle\":{JsonSerializer.Serialize(lifecycle, RegistryJson.Options)}}}";
    }
}
