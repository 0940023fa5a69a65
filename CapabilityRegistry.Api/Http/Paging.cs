using System.Linq.Expressions;
using System.Text.Json;
using CapabilityRegistry.Core.Manifests;
using Microsoft.EntityFrameworkCore;

namespace CapabilityRegistry.Api.Http;

/// <summary>A list's filter and order, as its query parameters say them. What a cursor carries.</summary>
internal interface IListQuery<TSelf>
{
    /// <summary>No filter, and the order of one's own.</summary>
    static abstract TSelf Empty { get; }

    void Validate(ICollection<Finding> findings);
}

/// <summary>A list without filter or order of its own.</summary>
internal sealed record NoFilter : IListQuery<NoFilter>
{
    public static NoFilter Empty { get; } = new();

    public void Validate(ICollection<Finding> findings)
    {
    }
}

/// <summary>Reads one page of any list: by number or by cursor, with the total.</summary>
/// <typeparam name="TQuery">The list's filter and order; a record that survives JSON.</typeparam>
internal sealed class Paging<TQuery>
    where TQuery : class, IListQuery<TQuery>
{
    private readonly RegistryScope _scope;
    private readonly string _operation;
    private readonly Cursor? _cursor;
    private readonly int _number;
    private readonly int _size;

    private Paging(RegistryScope scope, string operation, TQuery query, Cursor? cursor, int number, int size) =>
        (_scope, _operation, Query, _cursor, _number, _size) = (scope, operation, query, cursor, number, size);

    /// <summary>The filter and order: those that were asked for, or those that the cursor carries.</summary>
    public TQuery Query { get; }

    private static Finding NoCursor { get; } = new("?cursor", "invalid_cursor", "The cursor is none of this list. Take next_cursor as it was given, or begin anew without one.");

    private Cursors Cursors => _scope.Http.RequestServices.GetRequiredService<Cursors>();

    /// <summary>Checks everything that was asked.</summary>
    /// <returns>The page to read, or null with what is wrong in <paramref name="findings"/>.</returns>
    public static Paging<TQuery>? Of(PageQuery page, TQuery query, string operation, RegistryScope scope, List<Finding> findings)
    {
        page.Validate(findings);
        query.Validate(findings);
        if (page.Cursor is null)
        {
            return findings.Count > 0 ? null : new(scope, operation, query, null, page.Number, page.Size);
        }

        var cursor = scope.Http.RequestServices.GetRequiredService<Cursors>().Read(page.Cursor, operation, scope.TenantId);
        if (cursor is null)
        {
            findings.Add(NoCursor);
        }
        else if (!query.Equals(TQuery.Empty) && !JsonElement.DeepEquals(Json(query), cursor.Query))
        {
            findings.Add(new("?cursor", "contradiction", "The cursor carries filter and sort; give the same ones with it, or none."));
        }

        return findings.Count > 0 ? null : new(scope, operation, OfThisRelease(() => cursor!.Query.Deserialize<TQuery>(RegistryJson.Options)!), cursor, cursor!.Page, page.PerPage ?? cursor.PerPage);
    }

    /// <summary>Reads the page.</summary>
    /// <param name="rows">All rows that the filter lets through.</param>
    /// <param name="order">Their order.</param>
    /// <param name="projection">What an item shows of a row.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    public async Task<Page<TItem>> ReadAsync<TRow, TItem>(IQueryable<TRow> rows, Keyset<TRow> order, Expression<Func<TRow, TItem>> projection, CancellationToken cancellationToken)
    {
        var total = await rows.LongCountAsync(cancellationToken);
        var ordered = order.Order(rows);
        var wanted = _cursor is null ? ordered.Skip((_number - 1) * _size) : order.Order(OfThisRelease(() => order.After(rows, _cursor.Keys)));
        var found = total == 0 ? [] : await wanted.Take(_size + 1).Select(order.Select(projection)).ToListAsync(cancellationToken);
        return PageOf(found, total);
    }

    /// <summary>Reads the page from what has an order of its own.</summary>
    /// <typeparam name="TItem">What the page shows.</typeparam>
    /// <typeparam name="TPlace">A place in that order; a record that survives JSON.</typeparam>
    /// <param name="read">Reads a window of the rows: how many to leave out, how many to read, the place after which to begin. What is gone meanwhile has a place without an item.</param>
    public async Task<Page<TItem>> ReadAsync<TItem, TPlace>(Func<int, int, TPlace?, Task<(long Total, IReadOnlyList<Keyed<TItem>> Found)>> read)
        where TPlace : class
    {
        var after = _cursor is null ? null : OfThisRelease(() => _cursor.Keys is [var place] ? place.Deserialize<TPlace>(RegistryJson.Options) : throw new JsonException("The cursor has keys of another order."));
        var (total, found) = await read(_cursor is null ? (_number - 1) * _size : 0, _size + 1, after);
        return PageOf(found, total);
    }

    /// <summary>One row more than the page holds says that there is a next one.</summary>
    private Page<TItem> PageOf<TItem>(IReadOnlyList<Keyed<TItem>> found, long total)
    {
        var next = found.Count > _size ? Cursors.Write(new(_operation, _scope.TenantId, _number + 1, _size, Json(Query), [.. found[_size - 1].Keys.Select(k => JsonSerializer.SerializeToElement(k, RegistryJson.Options))])) : null;
        return new([.. found.Take(_size).Where(f => f.Item is not null).Select(f => f.Item)], total, _number, _size, next);
    }

    /// <summary>A cursor of an earlier release may say what this one no longer understands.</summary>
    private static T OfThisRelease<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (JsonException)
        {
            throw new ProblemException(Problems.Invalid([NoCursor]));
        }
    }

    private static JsonElement Json(TQuery query) => JsonSerializer.SerializeToElement(query, RegistryJson.Options);
}
