using System.Text.Json.Serialization;
using CapabilityRegistry.Api.Http;
using CapabilityRegistry.Api.Usage;
using CapabilityRegistry.Data.Model;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace CapabilityRegistry.Api.Capabilities;

internal static class BatchGetCapabilities
{
    private const int Most = 500;

    public static async Task<Results<Ok<Response>, Problem>> HandleAsync(JsonBody<Request> body, RegistryScope scope, UsageCounters usage, CancellationToken cancellationToken)
    {
        var asked = body.Value.Capabilities;
        if (asked.Count > Most)
        {
            return Problems.Invalid("/capabilities", "too_many", $"Has {asked.Count} items; at most {Most} are allowed.");
        }

        var keys = asked.Select(CapabilityKey.Of).ToArray();
        var (ids, codes) = (keys.Select(k => k.Id).OfType<Guid>().ToArray(), keys.Select(k => k.Code).OfType<string>().ToArray());
        var rows = await scope.Database.Capabilities.AsNoTracking()
            .Where(c => c.DeletedAt == null && (ids.Contains(c.CapabilityId) || codes.Contains(c.CapabilityCode)))
            .Join(scope.Database.CapabilityVersions, c => c.LatestVersionId, v => v.VersionId, (c, v) => new { Capability = c, v.Manifest })
            .ToListAsync(cancellationToken);
        var views = rows.ConvertAll(r => CapabilityView.Of(r.Capability, r.Manifest));
        views.ForEach(v => usage.Count(new(scope.TenantId, v.CapabilityCode, UsageKind.View)));
        var byId = views.ToDictionary(v => v.CapabilityId);
        var byCode = views.ToDictionary(v => v.CapabilityCode, StringComparer.Ordinal);
        return TypedResults.Ok(new Response(
            [.. keys.Select(k => k.Id is { } id ? byId.GetValueOrDefault(id) : k.Code is null ? null : byCode.GetValueOrDefault(k.Code))]));
    }

    /// <summary>Ids or codes.</summary>
    internal sealed record Request([property: JsonRequired] IReadOnlyList<string> Capabilities);

    /// <summary>One item for each asked, in order; null where there is none.</summary>
    internal sealed record Response(IReadOnlyList<CapabilityView?> Items);
}
