using CapabilityRegistry.Api.Http;
using CapabilityRegistry.Core.Manifests;
using CapabilityRegistry.Data.Writing;

namespace CapabilityRegistry.Api.Capabilities;

/// <summary>Writes one release inside the request's transaction.</summary>
internal static class ReleaseWriting
{
    public static async Task<WriteOutcome> WriteAsync(this RegistryScope scope, Release release, CapabilityExpectation expectation, CancellationToken cancellationToken)
    {
        var outcome = (await CatalogueWriter.WriteAsync(scope.Connection, [release], new(scope.Actor, scope.Now, Expectation: expectation), cancellationToken))[0];
        if (outcome.Wrote)
        {
            scope.Forget(outcome.CapabilityId, release.Code);
            var (statistics, tenantId) = (scope.Http.RequestServices.GetRequiredService<TableStatistics>(), scope.Database.TenantId);
            scope.AfterCommit(() => statistics.Count(tenantId));
        }

        return outcome;
    }
}
