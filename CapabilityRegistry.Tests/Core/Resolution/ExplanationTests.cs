using CapabilityRegistry.Core.Resolution;

namespace CapabilityRegistry.Tests.Core.Resolution;

/// <summary>DESIGN, resolution semantics: rule 7. The texts are in explanations.txt: a name behind #, the catalogue, the request behind ?, and the prose behind &gt;.</summary>
[Trait("Rule", "7")]
public sealed class ExplanationTests
{
    private static readonly Dictionary<string, string[]> Examples =
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Core", "Resolution", "explanations.txt"))
            .Split("# ", StringSplitOptions.RemoveEmptyEntries)
            .Select(example => example.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            .ToDictionary(lines => lines[0], lines => lines[1..]);

    public static TheoryData<string> Names => [.. Examples.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void An_impossible_request_is_explained_in_these_words(string name)
    {
        var lines = Examples[name];
        var request = Registry.Asking(lines.Single(line => line[0] == '?')[2..].Split(", "));
        var outcome = Registry.Of([.. lines.Where(line => line[0] is not ('?' or '>'))]).Resolve(request);

        Assert.Equal(ResolutionStatus.Impossible, outcome.Status);
        var expected = string.Join(' ', lines.Where(line => line[0] == '>').Select(line => line[1..].Trim()));
        Assert.True(expected == outcome.Derivation!.Prose, $"# {name}\nexpected: {expected}\nactual:   {outcome.Derivation.Prose}");
    }
}
