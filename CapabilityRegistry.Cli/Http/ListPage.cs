namespace CapabilityRegistry.Cli.Http;

/// <summary>One page of a list.</summary>
internal sealed record ListPage<T>(IReadOnlyList<T>? Items, long TotalCount, int Page, long TotalPages)
{
    public override string ToString() =>
        TotalCount == 0 ? "Nothing found." : $"{TotalCount:N0} in all{(TotalPages > 1 ? $"; page {Page} of {TotalPages:N0}" : "")}";
}
