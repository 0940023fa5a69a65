namespace CapabilityRegistry.Core.Search;

/// <summary>One thing that is searched for: a word, or several that were written as one (<c>payment-gateway</c>, <c>"card payments"</c>).</summary>
/// <param name="Words">Its words; all of them must be there.</param>
/// <param name="IsPhrase">Whether they must stand one after the other.</param>
/// <param name="IsPrefix">Whether the last word may go on: it may still be in the course of being typed.</param>
public sealed record SearchTerm(IReadOnlyList<IdentifierToken> Words, bool IsPhrase, bool IsPrefix);

/// <summary>What somebody searches for, as every engine understands it.</summary>
/// <remarks>
/// <para>The language is that of web searches: all words must be there, <c>"words in quotes"</c> one after the other, <c>-word</c> nowhere, <c>or</c> between alternatives. Nothing is a syntax
/// error. What has no letter or digit asks for nothing and finds nothing, and so does a search that only excludes.</para>
/// <para>The last word is also the beginning of a word when it has <see cref="ShortestPrefix"/> characters: shorter ones would begin too many.</para>
/// </remarks>
public sealed class SearchQuery
{
    /// <summary>The fewest characters of a word that is looked for as the beginning of others.</summary>
    public const int ShortestPrefix = 3;

    private SearchQuery(string text, List<IReadOnlyList<SearchTerm>> alternatives, List<SearchTerm> excluded) =>
        (Text, Alternatives, Excluded) = (text, alternatives, excluded);

    /// <summary>The text in lower case: what a code is compared with.</summary>
    public string Text { get; }

    /// <summary>Of each alternative, the terms that must all be there.</summary>
    public IReadOnlyList<IReadOnlyList<SearchTerm>> Alternatives { get; }

    /// <summary>Terms of which none may be there, whichever alternative is.</summary>
    public IReadOnlyList<SearchTerm> Excluded { get; }

    /// <summary>Whether it can find nothing.</summary>
    public bool IsEmpty => Alternatives.Count == 0;

    /// <summary>Whether it is one plain word or code, which may also be looked for in the middle of codes.</summary>
    public bool IsOneWord => Excluded.Count == 0 && Alternatives is [[{ IsPhrase: false }]];

    /// <summary>Reads what was typed.</summary>
    public static SearchQuery Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var (alternatives, excluded) = (new List<List<SearchTerm>> { new() }, new List<SearchTerm>());
        foreach (var piece in Pieces(text))
        {
            if (piece.IsOr)
            {
                alternatives.Add([]);
            }
            else if (IdentifierTokenizer.Split(piece.Text) is { Count: > 0 } words)
            {
                (piece.IsExcluded ? excluded : alternatives[^1]).Add(new(words, piece.IsQuoted, IsPrefix: false));
            }
        }

        var found = alternatives.Where(terms => terms.Count > 0).ToArray();
        return new(text.Trim().ToLowerInvariant(), [.. found.Select((terms, i) => i == found.Length - 1 ? WithPrefix(terms) : terms)], excluded);
    }

    private static IReadOnlyList<SearchTerm> WithPrefix(List<SearchTerm> terms) =>
        terms is [.. var before, { IsPhrase: false } last] && last.Words[^1].Pieces[^1].Length >= ShortestPrefix ? [.. before, last with { IsPrefix = true }] : terms;

    /// <summary>What stands between blanks and quotes. <c>or</c> stands between two others; a dash excludes at the beginning of a piece.</summary>
    private static IEnumerable<Piece> Pieces(string text)
    {
        var at = 0;
        var hasTerm = false;
        while (at < text.Length)
        {
            if (char.IsWhiteSpace(text[at]))
            {
                at++;
                continue;
            }

            var isExcluded = text[at] == '-' && at + 1 < text.Length && !char.IsWhiteSpace(text[at + 1]);
            at += isExcluded ? 1 : 0;
            var isQuoted = text[at] == '"';
            var end = isQuoted ? text.IndexOf('"', at + 1) : EndOfWord(text, at);
            end = end < 0 ? text.Length : end;
            var word = text[(isQuoted ? at + 1 : at)..end];
            at = isQuoted ? end + 1 : end;
            var isOr = !isQuoted && !isExcluded && hasTerm && word.Equals("or", StringComparison.OrdinalIgnoreCase) && !string.IsNullOrWhiteSpace(at < text.Length ? text[at..] : "");
            hasTerm = !isOr;
            yield return new(word, isQuoted, isExcluded, isOr);
        }
    }

    private static int EndOfWord(string text, int from)
    {
        var end = from;
        while (end < text.Length && !char.IsWhiteSpace(text[end]) && text[end] != '"')
        {
            end++;
        }

        return end;
    }

    private readonly record struct Piece(string Text, bool IsQuoted, bool IsExcluded, bool IsOr);
}
