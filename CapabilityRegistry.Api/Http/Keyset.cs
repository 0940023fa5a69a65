using System.Linq.Expressions;
using System.Text.Json;

namespace CapabilityRegistry.Api.Http;

/// <summary>An order of rows in which one can go on after any of them, whatever was written meanwhile: what makes a cursor stable. The last key must tell any two rows apart.</summary>
internal sealed class Keyset<TRow>
{
    private readonly List<(LambdaExpression Key, bool Descending)> _keys = [];

    public Keyset<TRow> By<TKey>(Expression<Func<TRow, TKey>> key, bool descending = false)
    {
        _keys.Add((key, descending));
        return this;
    }

    public IQueryable<TRow> Order(IQueryable<TRow> rows)
    {
        var ordered = rows.Expression;
        foreach (var (i, (key, descending)) in _keys.Index())
        {
            var method = (i == 0 ? "OrderBy" : "ThenBy") + (descending ? "Descending" : "");
            ordered = Expression.Call(typeof(Queryable), method, [typeof(TRow), key.ReturnType], ordered, Expression.Quote(key));
        }

        return rows.Provider.CreateQuery<TRow>(ordered);
    }

    /// <summary>The rows after the one with the given keys: greater in the first key, or equal there and greater in the second, and so on.</summary>
    /// <exception cref="JsonException">The keys are not of this order.</exception>
    public IQueryable<TRow> After(IQueryable<TRow> rows, IReadOnlyList<JsonElement> last)
    {
        if (last.Count != _keys.Count)
        {
            throw new JsonException("The cursor has keys of another order.");
        }

        var row = Expression.Parameter(typeof(TRow), "row");
        Expression? after = null;
        for (var i = _keys.Count - 1; i >= 0; i--)
        {
            var key = new Replacement(_keys[i].Key.Parameters[0], row).Visit(_keys[i].Key.Body);
            var value = Captured(last[i].Deserialize(key.Type), key.Type);
            var beyond = Compare(key, value, _keys[i].Descending);
            after = after is null ? beyond : Expression.OrElse(beyond, Expression.AndAlso(Expression.Equal(key, value), after));
        }

        return rows.Where(Expression.Lambda<Func<TRow, bool>>(after!, row));
    }

    /// <summary>A projection of a row together with its keys.</summary>
    public Expression<Func<TRow, Keyed<TItem>>> Select<TItem>(Expression<Func<TRow, TItem>> projection)
    {
        var row = projection.Parameters[0];
        var keys = _keys.Select(k => Expression.Convert(new Replacement(k.Key.Parameters[0], row).Visit(k.Key.Body), typeof(object)));
        var constructor = typeof(Keyed<TItem>).GetConstructors().Single();
        return Expression.Lambda<Func<TRow, Keyed<TItem>>>(Expression.New(constructor, projection.Body, Expression.NewArrayInit(typeof(object), keys)), row);
    }

    private static Expression Compare(Expression key, Expression value, bool descending)
    {
        if (key.Type == typeof(string))
        {
            var compared = Expression.Call(typeof(string), nameof(string.Compare), null, key, value);
            return descending ? Expression.LessThan(compared, Expression.Constant(0)) : Expression.GreaterThan(compared, Expression.Constant(0));
        }

        return descending ? Expression.LessThan(key, value) : Expression.GreaterThan(key, value);
    }

    /// <summary>As a captured variable, so that the value becomes a parameter and not part of the statement.</summary>
    private static MemberExpression Captured(object? value, Type type)
    {
        var box = typeof(CapturedValue<>).MakeGenericType(type);
        return Expression.Property(Expression.Constant(Activator.CreateInstance(box, value), box), nameof(CapturedValue<>.Value));
    }

    private sealed class Replacement(ParameterExpression from, ParameterExpression to) : ExpressionVisitor
    {
        protected override Expression VisitParameter(ParameterExpression node) => node == from ? to : node;
    }
}

/// <summary>What a closure is to the compiler.</summary>
internal sealed class CapturedValue<T>(T value)
{
    public T Value { get; } = value;
}

/// <summary>An item with the keys of its row.</summary>
internal sealed record Keyed<TItem>(TItem Item, object[] Keys);
