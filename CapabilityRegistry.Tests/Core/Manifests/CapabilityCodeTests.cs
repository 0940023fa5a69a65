using CapabilityRegistry.Core.Manifests;
using CsCheck;

namespace CapabilityRegistry.Tests.Core.Manifests;

public sealed class CapabilityCodeTests
{
    [Theory]
    [InlineData("payments", "payments")]
    [InlineData("Payments", "payments")]
    [InlineData("PAYMENTS.Core_v2+x-Y", "payments.core_v2+x-y")]
    [InlineData("0", "0")]
    [InlineData("7zip", "7zip")]
    [InlineData("libstdc++6", "libstdc++6")]
    [InlineData("a-", "a-")]
    public void A_code_is_folded_to_lower_case(string text, string expected) => Assert.Equal(expected, CapabilityCode.Normalise(text));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("a b")]
    [InlineData("a\n")]
    [InlineData("-a")]
    [InlineData(".a")]
    [InlineData("_a")]
    [InlineData("+a")]
    [InlineData("a/b")]
    [InlineData("a@1.0.0")]
    [InlineData("a\0")]
    [InlineData("\u212Aelvin")] // The Kelvin sign folds to k, but only when more than ASCII is folded.
    [InlineData("a\u212A")]
    [InlineData("A\u212A")]
    [InlineData("İstanbul")]
    [InlineData("ﬁ")]
    [InlineData("ａｂｃ")]
    [InlineData("аbc")] // A Cyrillic a.
    [InlineData("abc\u202E")]
    [InlineData("\u200Babc")]
    [InlineData("ab\u00ADc")]
    [InlineData("é")]
    [InlineData("e\u0301")]
    [InlineData("１")]
    [InlineData("٣")]
    [InlineData("😀")]
    public void What_breaks_the_rule_is_no_code(string? text) => Assert.Null(CapabilityCode.Normalise(text));

    [Fact]
    public void A_code_has_at_most_128_characters()
    {
        Assert.Equal(new string('a', 128), CapabilityCode.Normalise(new string('A', 128)));
        Assert.Null(CapabilityCode.Normalise(new string('a', 129)));
    }

    [Fact]
    public void A_normalised_code_keeps_the_rule_and_is_its_own_normal_form() =>
        Gen.Char["aZ0._+-k é\u212A/"].Array[0, 8].Select(letters => new string(letters)).Sample(
            text =>
            {
                var valid = text.Length > 0 && char.IsAsciiLetterOrDigit(text[0]) && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '+' or '-');
                var code = CapabilityCode.Normalise(text);
                return valid == code is not null && (code is null || (code == CapabilityCode.Normalise(code) && string.Equals(code, text, StringComparison.OrdinalIgnoreCase)));
            },
            iter: 20_000);
}
