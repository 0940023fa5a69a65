using System.CommandLine.Parsing;

namespace CapabilityRegistry.Cli.Resolution;

/// <summary>A name, capability or service, and the versions of it that do.</summary>
internal sealed record Requirement(string CapabilityCode, string VersionRange)
{
    /// <summary>Reads <c>CODE@RANGE</c>; <c>CODE</c> alone means any version.</summary>
    public static Requirement[] ParseAll(ArgumentResult result)
    {
        var requirements = new List<Requirement>();
        foreach (var text in result.Tokens.Select(token => token.Value))
        {
            if (text.Split('@', 2, StringSplitOptions.TrimEntries) is [{ Length: > 0 } code, .. var range] && range is [] or [{ Length: > 0 }])
            {
                requirements.Add(new(code, range is [var given] ? given : "*"));
            }
            else
            {
                result.AddError($"'{text}' is no requirement; it looks like checkout or checkout@^2.1.0.");
            }
        }

        return [.. requirements];
    }
}
