using CapabilityRegistry.Api.Http;
using CapabilityRegistry.Core.Manifests;
using CapabilityRegistry.Data.Audit;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace CapabilityRegistry.Api.Audit;

internal static class VerifyAudit
{
    public static async Task<Results<Ok<Response>, Problem>> HandleAsync([AsParameters] Query query, RegistryScope scope, ChainVerifier chain, CancellationToken cancellationToken)
    {
        var findings = new List<Finding>();
        var anchor = query.Validate(findings);
        if (findings.Count > 0)
        {
            return Problems.Invalid(findings);
        }

        var report = await chain.VerifyAsync(scope.TenantId, query.From ?? 0, query.To, anchor, cancellationToken);
        var hasMore = report.FirstFault is null && report.To < Math.Min(query.To ?? long.MaxValue, report.Head.Anchor?.Ordinal ?? -1);
        return TypedResults.Ok(new Response(
            report.FirstFault is null, report.Verified, report.From, report.To < report.From ? null : report.To, hasMore ? report.To + 1 : null, AuditHead.Of(report.Head), report.FirstFault));
    }

    /// <summary>What to verify.</summary>
    internal sealed record Query(
        [property: FromQuery(Name = "from")] long? From,
        [property: FromQuery(Name = "to")] long? To,
        [property: FromQuery(Name = "head")] string? Head)
    {
        /// <summary>Checks everything, and reads the head.</summary>
        public ChainAnchor? Validate(List<Finding> findings)
        {
            if (From is < 0 or > long.MaxValue / 2)
            {
                findings.Add(new("?from", "number_out_of_range", "Ordinals begin at 0, which is the seal of what was there before the chain."));
            }

            if (To < (From ?? 0))
            {
                findings.Add(new("?to", "number_out_of_range", "Must not be smaller than from."));
            }

            var anchor = Head is null ? null : ChainAnchor.Parse(Head);
            if (Head is not null && anchor is null)
            {
                findings.Add(new("?head", "invalid_value", "Must be an anchor as GET /api/audit/head gives it: an ordinal, a colon, and 64 hexadecimal digits."));
            }

            return anchor;
        }
    }

    /// <summary>What came of it.</summary>
    /// <param name="Valid">Whether everything that was looked at is as it was when it was linked.</param>
    /// <param name="Verified">How many links are.</param>
    /// <param name="From">The first ordinal that was looked at.</param>
    /// <param name="To">The last one; none when the range has no link.</param>
    /// <param name="NextFrom">Where to go on, when the range was too long for one request.</param>
    /// <param name="Head">The end of the chain.</param>
    /// <param name="FirstFault">The first thing that is wrong.</param>
    internal sealed record Response(bool Valid, long Verified, long From, long? To, long? NextFrom, AuditHead Head, ChainFault? FirstFault);
}
