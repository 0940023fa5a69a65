using CapabilityRegistry.Api.Http;
using CapabilityRegistry.Core.Manifests;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace CapabilityRegistry.Api.Capabilities;

internal static class ListVersions
{
    public static async Task<Results<Ok<Page<Item>>, Problem>> HandleAsync(
        string capability,
        [FromQuery(Name = "page")] int? page,
        [FromQuery(Name = "per_page")] int? perPage,
        RegistryScope scope,
        CancellationToken cancellationToken)
    {
        var paging = new PageQuery(page, perPage);
        var findings = new List<Finding>();
        paging.Validate(findings);
        if (findings.Count > 0)
        {
            return Problems.Invalid(findings);
        }

        var id = await CapabilityKey.Of(capability).LivingIn(scope.Database.Capabilities).Select(c => (Guid?)c.CapabilityId).FirstOrDefaultAsync(cancellationToken);
        if (id is null)
        {
            return Problems.NotFound("capability");
        }

        var versions = scope.Database.CapabilityVersions.AsNoTracking().Where(v => v.CapabilityId == id);
        var total = await versions.LongCountAsync(cancellationToken);
        var items = await versions.OrderByDescending(v => v.Precedence).Skip(paging.Skip).Take(paging.Size)
            .Select(v => new Item(v.VersionId, v.Version, new(v.Lifecycle, v.LifecycleMessage, v.ReplacedBy, v.SunsetAt), v.QualityScore, v.CreatedAt, v.CreatedBy))
            .ToListAsync(cancellationToken);
        return TypedResults.Ok(new Page<Item>(items, total, paging.Number, paging.Size));
    }

    /// <summary>A version in the list; its manifest is at its own address.</summary>
    internal sealed record Item(Guid VersionId, string Version, LifecycleView Lifecycle, double QualityScore, DateTimeOffset CreatedAt, string CreatedBy);
}
