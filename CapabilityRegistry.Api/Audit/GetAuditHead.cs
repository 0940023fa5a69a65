using CapabilityRegistry.Api.Http;
using CapabilityRegistry.Data.Audit;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CapabilityRegistry.Api.Audit;

internal static class GetAuditHead
{
    public static async Task<Ok<AuditHead>> HandleAsync(RegistryScope scope, ChainVerifier chain, CancellationToken cancellationToken) =>
        TypedResults.Ok(AuditHead.Of(await chain.HeadAsync(scope.TenantId, cancellationToken)));
}

/// <summary>The end of a tenant's audit chain.</summary>
/// <param name="Ordinal">How many entries are linked; none while there is no chain.</param>
/// <param name="Position">The last link's place in the one sequence.</param>
/// <param name="LinkHash">The last link's hash, which stands for everything before it.</param>
/// <param name="Anchor">Ordinal and hash in one, for the parameter <c>head</c> of a verification.</param>
/// <param name="LinkedThrough">Everything up to this position is linked.</param>
/// <param name="Pending">How many of the tenant's events are not linked yet.</param>
internal sealed record AuditHead(long? Ordinal, long? Position, string? LinkHash, string? Anchor, long LinkedThrough, long Pending)
{
    public static AuditHead Of(ChainHead head) => head.Anchor is { } last
        ? new(last.Ordinal, head.Position, Convert.ToHexStringLower(last.LinkHash), last.ToString(), head.LinkedThrough, head.Pending)
        : new(null, null, null, null, head.LinkedThrough, head.Pending);
}
