using System.Text.RegularExpressions;

namespace CapabilityRegistry.Api.Http;

/// <summary>The form of tenant ids.</summary>
internal static partial class TenantName
{
    public const string Pattern = "^[a-z0-9][a-z0-9_-]{0,62}$";
    public const string Rule = "Must be 1 to 63 of a-z, 0-9, '-' and '_', and begin with a letter or digit.";

    public static bool IsValid(string text) => Form().IsMatch(text);

    [GeneratedRegex("^[a-z0-9][a-z0-9_-]{0,62}\\z", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Form();
}
