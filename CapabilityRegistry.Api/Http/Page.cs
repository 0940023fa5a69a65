using CapabilityRegistry.Core.Manifests;
using Microsoft.AspNetCore.Mvc;

namespace CapabilityRegistry.Api.Http;

/// <summary>One page of a list.</summary>
internal sealed record Page<T>(IReadOnlyList<T> Items, long TotalCount, int PageNumber, int PerPage)
{
    [System.Text.Json.Serialization.JsonPropertyName("page")]
    public int PageNumber { get; } = PageNumber;

    public long TotalPages => (TotalCount + PerPage - 1) / PerPage;

    public bool HasNext => PageNumber < TotalPages;

    public bool HasPrev => PageNumber > 1;
}

/// <summary>Which page of a list is asked for.</summary>
internal record PageQuery([FromQuery(Name = "page")] int? PageNumber, [FromQuery(Name = "per_page")] int? PerPage)
{
    /// <summary>The furthest row that pages reach.</summary>
    private const int LastRow = 10_000;

    public int Number => PageNumber ?? 1;

    public int Size => PerPage ?? 25;

    public int Skip => (Number - 1) * Size;

    public void Validate(ICollection<Finding> findings)
    {
        if (Size is < 1 or > 100)
        {
            findings.Add(new("?per_page", "number_out_of_range", "Must be from 1 to 100."));
        }

        if (Number < 1 || (long)Number * Size > LastRow)
        {
            findings.Add(new("?page", "number_out_of_range", $"Must be at least 1, and pages end at row {LastRow}; narrow the filter instead."));
        }
    }
}
