using CapabilityRegistry.Api.Http;
using CapabilityRegistry.Core.Manifests;
using CapabilityRegistry.Data.Model;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace CapabilityRegistry.Api.Clients;

internal static class ListClients
{
    public static async Task<Results<Ok<Page<ClientItem>>, Problem>> HandleAsync([AsParameters] PageQuery page, RegistryScope scope, CancellationToken cancellationToken)
    {
        var findings = new List<Finding>();
        return Paging<NoFilter>.Of(page, NoFilter.Empty, nameof(ListClients), scope, findings) is { } paging
            ? TypedResults.Ok(await paging.ReadAsync(scope.Database.ApiClients.AsNoTracking(), new Keyset<ApiClient>().By(c => c.ClientId), ClientItem.From, cancellationToken))
            : Problems.Invalid(findings);
    }
}
