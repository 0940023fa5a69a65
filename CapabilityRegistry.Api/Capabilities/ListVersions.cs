using CapabilityRegistry.Api.Http;
using CapabilityRegistry.Core.Manifests;
using CapabilityRegistry.Data.Model;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace CapabilityRegistry.Api.Capabilities;

internal static class ListVersions
{
    public static async Task<Results<Ok<Page<Item>>, Problem>> HandleAsync(string capability, [AsParameters] PageQuery page, RegistryScope scope, CancellationToken cancellationToken)
    {
        var key = CapabilityKey.Of(capability);
        var findings = new List<Finding>();
        if (Paging<NoFilter>.Of(page, NoFilter.Empty, $"{nameof(ListVersions)} {key}", scope, findings) is not { } paging)
        {
            return Problems.Invalid(findings);
        }

        var id = await key.LivingIn(scope.Database.Capabilities).Select(c => (Guid?)c.CapabilityId).FirstOrDefaultAsync(cancellationToken);
        return id is null ? Problems.NotFound("capability") : TypedResults.Ok(await paging.ReadAsync(
            scope.Database.CapabilityVersions.AsNoTracking().Where(v => v.CapabilityId == id),
            new Keyset<CapabilityVersion>().By(v => v.Precedence, descending: true),
            v => new Item(v.VersionId, v.Version, new(v.Lifecycle, v.LifecycleMessage, v.ReplacedBy, v.SunsetAt), v.QualityScore, v.CreatedAt, v.CreatedBy),
            cancellationToken));
    }

    /// <summary>A version in the list; its manifest is at its own address.</summary>
    internal sealed record Item(Guid VersionId, string Version, LifecycleView Lifecycle, double QualityScore, DateTimeOffset CreatedAt, string CreatedBy);
}
