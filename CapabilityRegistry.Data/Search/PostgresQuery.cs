using CapabilityRegistry.Core.Search;

namespace CapabilityRegistry.Data.Search;

/// <summary>A search in the words of PostgreSQL. Tokens are of letters and digits alone, so nothing that was typed can become part of the syntax.</summary>
/// <param name="Exact">The code that is meant if there is one of exactly that name.</param>
/// <param name="Names">The query for the words of names, a <c>tsquery</c>; the last word also as a beginning.</param>
/// <param name="Words">The query for the stems of everything, for <c>to_tsquery</c>.</param>
/// <param name="Excluded">What must not be there, for <c>to_tsquery</c>, or null.</param>
/// <param name="Part">The pattern for parts of codes, or null where only words are looked for.</param>
public sealed record PostgresQuery(string? Exact, string? Names, string? Words, string? Excluded, string? Part)
{
    /// <summary>Looks for words.</summary>
    public static PostgresQuery Of(SearchQuery query)
    {
        ArgumentNullException.ThrowIfNull(query);
        return new(
            query.Text,
            Any(query.Alternatives.Select(terms => All(terms.Select(term => Render(term, term.IsPrefix))))),
            Any(query.Alternatives.Select(terms => All(terms.Select(term => Render(term, isPrefix: false))))),
            query.Excluded.Count == 0 ? null : Any(query.Excluded.Select(term => Render(term, isPrefix: false))),
            Part: null);
    }

    /// <summary>Looks for a part of codes: what is done where no word was found. One or two characters are only looked for at the beginning.</summary>
    public static PostgresQuery PartOf(SearchQuery query)
    {
        ArgumentNullException.ThrowIfNull(query);
        var part = query.Text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal);
        return new(null, null, null, null, query.Text.Length < SearchQuery.ShortestPrefix ? $"{part}%" : $"%{part}%");
    }

    private static string Render(SearchTerm term, bool isPrefix)
    {
        var words = term.Words.Select((word, i) => Render(word, isPrefix && i == term.Words.Count - 1 ? ":*" : ""));
        return term.IsPhrase ? $"({string.Join(" <-> ", words)})" : All(words);
    }

    private static string Render(IdentifierToken word, string suffix) => word.Parts.Count == 0
        ? $"'{word.Whole}'{suffix}"
        : $"('{word.Whole}'{suffix} | ({string.Join(" <-> ", word.Parts.Select(part => $"'{part}'"))}{suffix}))";

    private static string All(IEnumerable<string> terms) => $"({string.Join(" & ", terms)})";

    private static string Any(IEnumerable<string> terms) => $"({string.Join(" | ", terms)})";
}
