using System.Globalization;
using System.Text;

namespace CapabilityRegistry.Core.Search;

/// <summary>One word of a text as search knows it.</summary>
/// <param name="Whole">The word, folded: lower case, without accents.</param>
/// <param name="Parts">What an identifier is put together from, in order; empty when it is one piece.</param>
public sealed record IdentifierToken(string Whole, IReadOnlyList<string> Parts)
{
    /// <summary>The parts, or the word itself when it has none.</summary>
    public IReadOnlyList<string> Pieces => Parts.Count > 0 ? Parts : [Whole];
}

/// <summary>Splits names and texts into the words that are indexed and searched for: the same ones for every engine, so that engines cannot disagree about what a word is.</summary>
/// <remarks>
/// <para>Anything but letters and digits separates words. Inside a word a new part begins where lower case turns to upper case (<c>paymentGateway</c>), before the last capital of an
/// acronym that a lower-case letter follows (<c>HTTPServer</c>), and between letters and digits (<c>v2</c>).</para>
/// <para>Guarantees: every token is of letters and digits only, is not empty and has at most <see cref="MaxLength"/> characters; the same text gives the same tokens everywhere, since neither
/// culture nor ICU is asked. Linear in the length of the text.</para>
/// </remarks>
public static class IdentifierTokenizer
{
    /// <summary>The most characters of a token; the rest of a longer word is left out.</summary>
    public const int MaxLength = 64;

    /// <summary>The words of a text, in order, at most so many.</summary>
    public static IReadOnlyList<IdentifierToken> Split(string text, int most = int.MaxValue)
    {
        ArgumentNullException.ThrowIfNull(text);
        var tokens = new List<IdentifierToken>();
        var word = new Word();
        foreach (var rune in text.EnumerateRunes())
        {
            if (Letters.Fold(rune) is { } letter)
            {
                word.Add(letter);
            }
            else if (!Letters.IsMark(rune) && word.Take() is { } token)
            {
                tokens.Add(token);
                if (tokens.Count == most)
                {
                    return tokens;
                }
            }
        }

        return word.Take() is { } last ? [.. tokens, last] : tokens;
    }

    /// <summary>Every form under which a text is found, separated by blanks: each word whole, and then its parts.</summary>
    public static string Spell(string text) => string.Join(' ', Split(text).SelectMany(token => token.Parts.Prepend(token.Whole)));

    /// <summary>The word that is being read.</summary>
    private sealed class Word
    {
        private readonly StringBuilder _text = new();
        private readonly List<int> _cuts = [];
        private LetterKind _last;
        private int _lastAt;
        private int _capitals;

        public void Add(Letter letter)
        {
            if (_text.Length + letter.Text.Length > MaxLength)
            {
                return;
            }

            if (_text.Length > 0)
            {
                Cut(letter.Kind);
            }

            _capitals = letter.Kind is LetterKind.Upper ? _capitals + 1 : 0;
            (_last, _lastAt) = (letter.Kind, _text.Length);
            _text.Append(letter.Text);
        }

        /// <summary>Ends the word. Null when there is none.</summary>
        public IdentifierToken? Take()
        {
            if (_text.Length == 0)
            {
                return null;
            }

            var whole = _text.ToString();
            IReadOnlyList<string> parts = _cuts.Count == 0 ? [] : [.. _cuts.Prepend(0).Zip(_cuts.Append(whole.Length), (from, to) => whole[from..to])];
            _text.Clear();
            _cuts.Clear();
            _capitals = 0;
            return new(whole, parts);
        }

        private void Cut(LetterKind next)
        {
            if ((_last is LetterKind.Digit) != (next is LetterKind.Digit) || (_last is LetterKind.Lower && next is LetterKind.Upper))
            {
                _cuts.Add(_text.Length);
            }
            else if (next is LetterKind.Lower && _last is LetterKind.Upper && _capitals > 1)
            {
                _cuts.Add(_lastAt);
            }
        }
    }
}

/// <summary>What a character is to the tokenizer. Scripts without case are lower case.</summary>
internal enum LetterKind
{
    Lower,
    Upper,
    Digit,
}

/// <summary>A folded character, and what it was.</summary>
internal readonly record struct Letter(string Text, LetterKind Kind);

/// <summary>Folds single characters to what people type for them.</summary>
/// <remarks>Decomposition by tables of our own: the framework's needs ICU, which is not everywhere, and answers would differ with it.</remarks>
internal static class Letters
{
    /// <summary>U+00C0 to U+017F, each with its base letters; a blank separates characters, a dot is none of a letter.</summary>
    private const string Latin =
        "a a a a a a ae c e e e e i i i i d n o o o o o . o u u u u y th ss a a a a a a ae c e e e e i i i i d n o o o o o . o u u u u y th y " +
        "a a a a a a c c c c c c c c d d d d e e e e e e e e e e g g g g g g g g h h h h i i i i i i i i i i ij ij j j k k k l l l l l l l l l l n n n n n n n n n " +
        "o o o o o o oe oe r r r r r r s s s s s s s s t t t t t t u u u u u u u u u u u u w w y y y z z z z z z s";

    private const int LatinFrom = 0xC0;
    private const int FullWidthFrom = 0xFF01;
    private const int FullWidthTo = 0xFF5E;
    private const int FullWidthOffset = 0xFEE0;

    private static readonly string[] LatinBases = Latin.Split(' ');

    private static readonly string[] Ascii = [.. Enumerable.Range(0, 128).Select(i => char.ToLowerInvariant((char)i).ToString())];

    /// <summary>Marks change the letter before them and separate nothing.</summary>
    public static bool IsMark(Rune rune) => rune.Value > 127 && Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format;

    /// <summary>The character as it is searched for, or null when it is no letter and no digit.</summary>
    public static Letter? Fold(Rune rune)
    {
        var value = rune.Value is >= FullWidthFrom and <= FullWidthTo ? rune.Value - FullWidthOffset : rune.Value;
        if (value < 128)
        {
            return char.IsAsciiLetterOrDigit((char)value) ? new(Ascii[value], KindOf(new Rune(value))) : null;
        }

        return !Rune.IsLetterOrDigit(rune) ? null
            : Rune.IsDigit(rune) ? new(((int)Rune.GetNumericValue(rune)).ToString(CultureInfo.InvariantCulture), LetterKind.Digit)
            : new(value - LatinFrom < LatinBases.Length && value >= LatinFrom ? LatinBases[value - LatinFrom] : Rune.ToLowerInvariant(rune).ToString(), KindOf(rune));
    }

    private static LetterKind KindOf(Rune rune) => Rune.IsDigit(rune) ? LetterKind.Digit : Rune.IsUpper(rune) ? LetterKind.Upper : LetterKind.Lower;
}
