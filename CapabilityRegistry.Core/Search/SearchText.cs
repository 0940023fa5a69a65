using System.Text;

namespace CapabilityRegistry.Core.Search;

/// <summary>What of a capability's page can be found, in the words of <see cref="IdentifierTokenizer"/>.</summary>
/// <param name="Names">The words of code and name, each with its place: whole words first, then their parts, one after the other.</param>
/// <param name="NameLength">How many words the name has: a short name says more about what it names.</param>
/// <param name="Words">Everything else beside them: keywords and the beginning of the description, separated by blanks.</param>
public sealed record SearchText(IReadOnlyList<PlacedWord> Names, int NameLength, string Words)
{
    /// <summary>How much of a description is searched, in characters: documents stay narrow, and what a text is about stands at its beginning.</summary>
    public const int DescriptionLength = 2_000;

    private const int MostNameWords = 64;
    private const int MostKeywords = 64;

    /// <summary>Makes the text of a page.</summary>
    public static SearchText Of(string code, string name, IReadOnlyList<string> keywords, string description)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(keywords);
        ArgumentNullException.ThrowIfNull(description);
        var ofCode = IdentifierTokenizer.Split(code, MostNameWords);
        var ofName = string.Equals(code, name, StringComparison.Ordinal) ? [] : IdentifierTokenizer.Split(name, MostNameWords);
        List<IdentifierToken> names = [.. ofCode, .. ofName];
        var words = new StringBuilder();
        Spell(words, names);
        foreach (var text in keywords.Take(MostKeywords).Append(description.Length <= DescriptionLength ? description : description[..DescriptionLength]))
        {
            Spell(words, IdentifierTokenizer.Split(text));
        }

        return new([.. Place(names)], Math.Max(1, ofName.Count > 0 ? ofName.Count : ofCode.Count), words.ToString());
    }

    private static void Spell(StringBuilder words, IReadOnlyList<IdentifierToken> tokens)
    {
        foreach (var token in tokens)
        {
            words.Append(words.Length == 0 ? "" : " ").Append(token.Whole);
            foreach (var part in token.Parts)
            {
                words.Append(' ').Append(part);
            }
        }
    }

    /// <summary>A whole stands where its first part does, so that the words of a phrase follow each other in both spellings.</summary>
    private static IEnumerable<PlacedWord> Place(List<IdentifierToken> tokens)
    {
        var place = 1;
        foreach (var token in tokens)
        {
            yield return new(token.Whole, place);
            foreach (var part in token.Parts)
            {
                yield return new(part, place++);
            }

            place += token.Parts.Count > 0 ? 0 : 1;
        }
    }
}

/// <summary>A word and its place in the text, from 1.</summary>
public readonly record struct PlacedWord(string Text, int Place);
