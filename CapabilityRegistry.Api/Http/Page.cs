using System.Text.Json.Serialization;
using CapabilityRegistry.Core.Manifests;
using Microsoft.AspNetCore.Mvc;

namespace CapabilityRegistry.Api.Http;

/// <summary>A list in the contract's form, whatever its items are.</summary>
internal interface IPage
{
    /// <summary>Leads to the next page; null on the last one.</summary>
    string? NextCursor { get; }
}

/// <summary>One page of a list.</summary>
internal record Page<T>(IReadOnlyList<T> Items, long TotalCount, [property: JsonPropertyName("page")] int Number, int PerPage, string? NextCursor) : IPage
{
    public long TotalPages => (TotalCount + PerPage - 1) / PerPage;

    public bool HasNext => NextCursor is not null;

    public bool HasPrev => Number > 1;
}

/// <summary>Which page of a list is asked for.</summary>
internal sealed record PageQuery(
    [property: FromQuery(Name = "page")] int? Page,
    [property: FromQuery(Name = "per_page")] int? PerPage,
    [property: FromQuery(Name = "cursor")] string? Cursor)
{
    /// <summary>The furthest row that page numbers reach; cursors reach all.</summary>
    private const int LastRow = 10_000;
    private const int DefaultSize = 25;
    private const int LargestSize = 100;

    public int Number => Page ?? 1;

    public int Size => PerPage ?? DefaultSize;

    public void Validate(ICollection<Finding> findings)
    {
        if (Size is < 1 or > LargestSize)
        {
            findings.Add(new("?per_page", "number_out_of_range", $"Must be from 1 to {LargestSize}."));
        }

        if (Number < 1 || (long)Number * Size > LastRow)
        {
            findings.Add(new("?page", "number_out_of_range", $"Must be at least 1, and pages end at row {LastRow}; go on with cursor instead."));
        }

        if (Cursor is not null && Page is not null)
        {
            findings.Add(new("?page", "contradiction", "Give page or cursor, not both: the cursor says where the list goes on."));
        }
    }
}
