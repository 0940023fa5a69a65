using CapabilityRegistry.Api.Http;
using CapabilityRegistry.Core.Manifests;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace CapabilityRegistry.Api.Compositions;

internal static class ListCompositions
{
    public static async Task<Results<Ok<Page<Item>>, Problem>> HandleAsync(
        [FromQuery(Name = "composition_type")] string? type,
        [FromQuery(Name = "page")] int? page,
        [FromQuery(Name = "per_page")] int? perPage,
        RegistryScope scope,
        CancellationToken cancellationToken)
    {
        var paging = new PageQuery(page, perPage);
        var findings = new List<Finding>();
        paging.Validate(findings);
        if (type is not null && CapabilityCode.Normalise(type) is null)
        {
            findings.Add(new("?composition_type", "invalid_value", "Must be a token of a-z, 0-9, '.', '_', '+' and '-'."));
        }

        if (findings.Count > 0)
        {
            return Problems.Invalid(findings);
        }

        var token = CapabilityCode.Normalise(type);
        var compositions = scope.Database.Compositions.AsNoTracking().Where(c => token == null || c.CompositionType == token);
        var total = await compositions.LongCountAsync(cancellationToken);
        var items = await compositions.OrderBy(c => c.Name).ThenBy(c => c.CompositionId).Skip(paging.Skip).Take(paging.Size)
            .Select(c => new Item(c.CompositionId, c.Name, c.Description, c.CompositionType, c.CreatedAt, c.UpdatedAt)).ToListAsync(cancellationToken);
        return TypedResults.Ok(new Page<Item>(items, total, paging.Number, paging.Size));
    }

    internal sealed record Item(Guid CompositionId, string Name, string Description, string CompositionType, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt);
}
