using CapabilityRegistry.Core.Search;
using CsCheck;

namespace CapabilityRegistry.Tests.Core.Search;

public sealed class SearchQueryTests
{
    [Theory]
    [InlineData("payment", "payment*")]
    [InlineData("Payment Gateway", "payment gateway*")]
    [InlineData("payment-gateway", "payment+gateway*")]
    [InlineData("paymentGateway", "paymentgateway(payment.gateway)*")]
    [InlineData("\"card payments\" now", "[card payments] now*")]
    [InlineData("\"card payments\"", "[card payments]")]
    [InlineData("\"unclosed words", "[unclosed words]")]
    [InlineData("payments -card", "payments* !card")]
    [InlineData("payments -\"on account\"", "payments* ![on account]")]
    [InlineData("cats or dogs", "cats | dogs*")]
    [InlineData("cats OR dogs -birds", "cats | dogs* !birds")]
    [InlineData("or", "or")]
    [InlineData("or dogs", "or dogs*")]
    [InlineData("cats or", "cats or")]
    [InlineData("v2", "v2(v.2)")]
    [InlineData("ab", "ab")]
    [InlineData("- a", "a")]
    [InlineData("-", "")]
    [InlineData("%", "")]
    [InlineData("", "")]
    [InlineData("-only -excluded", " !only !excluded")]
    [InlineData("a\"b c\"d", "a [b c] d")]
    public void What_was_typed_means_this(string text, string expected) => Assert.Equal(expected, Show(SearchQuery.Parse(text)));

    [Fact]
    public void Nothing_that_can_be_typed_is_an_error() => Gen.String[Gen.Char["ab \"-or%|&!:*'\\\0é"], 0, 30].Sample(text =>
    {
        var query = SearchQuery.Parse(text);
        Assert.Equal(query.IsEmpty, query.Alternatives.Count == 0);
        Assert.All(query.Alternatives.SelectMany(terms => terms).Concat(query.Excluded), term => Assert.NotEmpty(term.Words));
    });

    private static string Show(SearchQuery query) =>
        string.Join(" | ", query.Alternatives.Select(terms => string.Join(' ', terms.Select(Show)))) + string.Concat(query.Excluded.Select(term => $" !{Show(term)}"));

    private static string Show(SearchTerm term)
    {
        var words = string.Join(term.IsPhrase ? ' ' : '+', term.Words.Select(w => w.Parts.Count == 0 ? w.Whole : $"{w.Whole}({string.Join('.', w.Parts)})"));
        return (term.IsPhrase ? $"[{words}]" : words) + (term.IsPrefix ? "*" : "");
    }
}
