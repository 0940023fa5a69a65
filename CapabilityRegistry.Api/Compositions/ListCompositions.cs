using CapabilityRegistry.Api.Http;
using CapabilityRegistry.Core.Manifests;
using CapabilityRegistry.Data.Model;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace CapabilityRegistry.Api.Compositions;

internal static class ListCompositions
{
    public static async Task<Results<Ok<Page<Item>>, Problem>> HandleAsync([AsParameters] Query query, [AsParameters] PageQuery page, RegistryScope scope, CancellationToken cancellationToken)
    {
        var findings = new List<Finding>();
        if (Paging<Query>.Of(page, query, nameof(ListCompositions), scope, findings) is not { } paging)
        {
            return Problems.Invalid(findings);
        }

        var type = CapabilityCode.Normalise(paging.Query.CompositionType);
        return TypedResults.Ok(await paging.ReadAsync(
            scope.Database.Compositions.AsNoTracking().Where(c => type == null || c.CompositionType == type),
            new Keyset<Composition>().By(c => c.Name),
            c => new Item(c.CompositionId, c.Name, c.Description, c.CompositionType, c.CreatedAt, c.UpdatedAt),
            cancellationToken));
    }

    /// <summary>Which compositions to list.</summary>
    internal sealed record Query([property: FromQuery(Name = "composition_type")] string? CompositionType) : IListQuery<Query>
    {
        public static Query Empty { get; } = new((string?)null);

        public void Validate(ICollection<Finding> findings)
        {
            if (CompositionType is not null && CapabilityCode.Normalise(CompositionType) is null)
            {
                findings.Add(new("?composition_type", "invalid_value", "Must be a token of a-z, 0-9, '.', '_', '+' and '-'."));
            }
        }
    }

    internal sealed record Item(Guid CompositionId, string Name, string Description, string CompositionType, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt);
}
