using System.CommandLine;

namespace CapabilityRegistry.Cli.Resolution;

/// <summary>The options that say what a resolution takes in beyond what is required.</summary>
internal sealed class IncludeOptions
{
    private readonly Option<bool> _noRecommended = new("--no-recommended") { Description = "Do not follow recommended dependencies" };
    private readonly Option<bool> _enhancing = new("--enhancing") { Description = "Add capabilities that enhance a part of the result" };
    private readonly Option<bool> _prerelease = new("--prerelease") { Description = "Let pre-releases count as ordinary versions" };

    public void AddTo(Command command)
    {
        command.Add(_noRecommended);
        command.Add(_enhancing);
        command.Add(_prerelease);
    }

    public IReadOnlyList<string> Words(ParseResult parsed)
    {
        var words = new List<string>();
        if (!parsed.GetValue(_noRecommended))
        {
            words.Add("recommended");
        }

        if (parsed.GetValue(_enhancing))
        {
            words.Add("enhancing");
        }

        if (parsed.GetValue(_prerelease))
        {
            words.Add("prerelease");
        }

        return words;
    }
}
