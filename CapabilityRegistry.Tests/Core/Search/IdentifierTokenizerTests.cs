using CapabilityRegistry.Core.Search;
using CsCheck;

namespace CapabilityRegistry.Tests.Core.Search;

public sealed class IdentifierTokenizerTests
{
    /// <summary>Spellings as they occur in registries; the cases of NuGet's tokenizer tests are among them, with the acronyms that it leaves together taken apart.</summary>
    [Theory]
    [InlineData("HTTPServerPaymentsV2", "httpserverpaymentsv2 http server payments v 2")]
    [InlineData("", "")]
    [InlineData("   \t\r\n", "")]
    [InlineData("hello", "hello")]
    [InlineData("Hello World", "hello world")]
    [InlineData("hello   world", "hello world")]
    [InlineData("HelloWorld", "helloworld hello world")]
    [InlineData("helloWorld", "helloworld hello world")]
    [InlineData("Foo.Bar", "foo bar")]
    [InlineData("foo-bar_baz", "foo bar baz")]
    [InlineData("Foo2Bar", "foo2bar foo 2 bar")]
    [InlineData("foo2bar", "foo2bar foo 2 bar")]
    [InlineData("HTML", "html")]
    [InlineData("HTMLThing", "htmlthing html thing")]
    [InlineData("HTMLThingA", "htmlthinga html thing a")]
    [InlineData("HelloWorldFoo", "helloworldfoo hello world foo")]
    [InlineData("Microsoft.Extensions.DependencyInjection", "microsoft extensions dependencyinjection dependency injection")]
    [InlineData("One,Two;Three:Four'Five*Six#Seven!Eight~Nine+Ten(Eleven)Twelve[Thirteen]{Fourteen}", "one two three four five six seven eight nine ten eleven twelve thirteen fourteen")]
    [InlineData("iOS", "ios i os")]
    [InlineData("EF6", "ef6 ef 6")]
    [InlineData("EntityFramework6.2", "entityframework6 entity framework 6 2")]
    [InlineData("AAAABBBB", "aaaabbbb")]
    [InlineData("XMLHttpRequest", "xmlhttprequest xml http request")]
    [InlineData("a1b2", "a1b2 a 1 b 2")]
    [InlineData("2024", "2024")]
    [InlineData("C#", "c")]
    [InlineData("C++", "c")]
    [InlineData("libstdc++6", "libstdc 6")]
    [InlineData("use::gameplaying", "use gameplaying")]
    [InlineData("python3-zope.interface", "python3 python 3 zope interface")]
    [InlineData("Zahlungs-Übersicht", "zahlungs ubersicht")]
    [InlineData("Straße", "strasse")]
    [InlineData("Ångström ŁÓDŹ", "angstrom lodz")]
    [InlineData("Cafe\u0301", "cafe")]
    [InlineData("Caf\u00e9", "cafe")]
    [InlineData("ＨＴＴＰＳｅｒｖｅｒ２", "httpserver2 http server 2")]
    [InlineData("Œuvre ĳs", "oeuvre ijs")]
    [InlineData("支付网关", "支付网关")]
    [InlineData("支付v2", "支付v2 支付v 2")]
    [InlineData("платёжныйШлюз", "платёжныйшлюз платёжный шлюз")]
    [InlineData("v\u0663", "v3 v 3")]
    [InlineData("soft\u00adhyphen zero\u200bwidth", "softhyphen zerowidth")]
    [InlineData("🚀rocket🚀", "rocket")]
    [InlineData("\uD800half", "half")]
    public void A_text_is_spelt_in_these_words(string text, string expected) => Assert.Equal(expected, IdentifierTokenizer.Spell(text));

    [Fact]
    public void A_word_without_end_is_cut()
    {
        var token = Assert.Single(IdentifierTokenizer.Split(new string('x', 100_000)));
        Assert.Equal(IdentifierTokenizer.MaxLength, token.Whole.Length);
        Assert.Equal(64, IdentifierTokenizer.Split(string.Join(' ', Enumerable.Range(0, 10_000)), 64).Count);
    }

    [Fact]
    public void Whatever_is_written_becomes_bounded_words_of_folded_letters_and_digits() => Gen.String.Sample(text =>
    {
        foreach (var token in IdentifierTokenizer.Split(text))
        {
            Assert.All(token.Pieces.Append(token.Whole), word => Assert.True(word.Length is > 0 and <= IdentifierTokenizer.MaxLength && word.EnumerateRunes().All(System.Text.Rune.IsLetterOrDigit), word));
            Assert.Equal(token.Whole, string.Concat(token.Pieces));
        }
    });

    /// <summary>What is indexed is found by what is indexed: splitting a word that was split already changes nothing.</summary>
    [Fact]
    public void A_word_is_its_own_spelling() => Gen.String.Sample(text =>
        Assert.All(IdentifierTokenizer.Split(text), token => Assert.Equal(token.Whole, Assert.Single(IdentifierTokenizer.Split(token.Whole)).Whole)));
}
