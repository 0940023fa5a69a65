using System.Globalization;
using CsCheck;

namespace CapabilityRegistry.Tests.Core.Versions;

/// <summary>Random texts of valid versions, close enough to each other that comparisons are decided late.</summary>
internal static class VersionTexts
{
    private static readonly Gen<string> Number =
        Gen.Frequency((8, Gen.Long[0, 3]), (2, Gen.Long[9, 11]), (1, Gen.Long[0, 9_007_199_254_740_991])).Select(n => n.ToString(CultureInfo.InvariantCulture));

    private static readonly Gen<string> Identifier = Gen.Frequency(
        (4, Gen.OneOf("0", "1", "2", "10", "99999999999999999999", "99999999999999999998", "100000000000000000000")),
        (4, Gen.OneOf("a", "A", "alpha", "alpha-", "alpha0", "beta", "rc", "-", "--", "-0", "0a", "00a", "z")),
        (2, Gen.Char["0aAzZ-9"].Array[1, 6].Select(letters => new string(letters)).Where(text => !(text.Length > 1 && text[0] == '0' && text.All(char.IsAsciiDigit)))));

    private static readonly Gen<string> Suffix = Gen.Select(
        Gen.Frequency((2, Gen.Const("")), (3, Identifier.Array[1, 4].Select(parts => $"-{string.Join('.', parts)}"))),
        Gen.Frequency((5, Gen.Const("")), (1, Gen.OneOf("+1", "+build.01", "+-"))),
        (prerelease, build) => prerelease + build);

    public static Gen<string> Any { get; } = Gen.Select(Number, Number, Number, Suffix, (major, minor, patch, suffix) => $"{major}.{minor}.{patch}{suffix}");
}
