using CapabilityRegistry.Core.Catalogues;
using CapabilityRegistry.Core.Manifests;
using CapabilityRegistry.Core.Resolution;
using CapabilityRegistry.Core.Versions;

namespace CapabilityRegistry.Tests.Core.Resolution;

/// <summary>Catalogues, requests and answers as text, so that a test shows nothing but its example.</summary>
/// <remarks>
/// A line declares one version: <c>code version [state]: clause; clause</c>. A clause is <c>needs</c>, <c>recommends</c>, <c>conflicts</c>, <c>enhances</c> or <c>offers</c> (an
/// optional dependency) with a name and a range, further targets behind <c>or</c>; or <c>provides</c> with a service and maybe its version.
/// </remarks>
internal static class Registry
{
    public static Catalogue Of(params string[] lines) => Of(lines, shuffle: null);

    public static Catalogue Of(IReadOnlyList<string> lines, Random? shuffle)
    {
        var capabilities = Capabilities(lines).ToArray();
        shuffle?.Shuffle(capabilities);
        var builder = new CatalogueBuilder(Catalogue.Empty);
        foreach (var capability in capabilities)
        {
            builder.Put(capability);
        }

        return builder.Build(position: 7);
    }

    public static IEnumerable<CatalogueCapability> Capabilities(IEnumerable<string> lines) =>
        lines.Select(Line).GroupBy(line => line.Code, StringComparer.Ordinal).Select(group => new CatalogueCapability(group.Key, [.. group.Select(line => line.Version)]));

    /// <summary>A request for "name range" each.</summary>
    public static ResolutionRequest Asking(params string[] requirements) => new()
    {
        Requirements = [.. requirements.Select(Target).Select(t => new Requirement(t.Name, t.Range))],
    };

    /// <summary>The same request with a lock of "code version" each.</summary>
    public static ResolutionRequest With(this ResolutionRequest request, params string[] locked) => request with { Lock = Locks(locked) };

    public static LockedVersion[] Locks(params string[] locked) =>
        [.. locked.Select(text => text.Split(' ')).Select(words => new LockedVersion(words[0], SemanticVersion.Parse(words[1])))];

    public static ResolutionOutcome Resolve(this Catalogue catalogue, params string[] requirements) => catalogue.Resolve(Asking(requirements));

    /// <summary>Resolves; checks whatever the answer is with the checker that is there for it.</summary>
    public static ResolutionOutcome Resolve(this Catalogue catalogue, ResolutionRequest request)
    {
        var outcome = Resolver.Resolve(catalogue, request);
        if (outcome.Status is ResolutionStatus.Resolved)
        {
            var selected = outcome.Selected.Select(s => new LockedVersion(s.CapabilityCode, s.Version)).ToArray();
            Assert.Empty(SolutionChecker.Check(catalogue, request.Requirements, selected, request.IncludePrerelease));
        }
        else if (outcome.Status is ResolutionStatus.Impossible)
        {
            Assert.Empty(DerivationChecker.Check(catalogue, request, outcome.Derivation!.Steps));
        }

        return outcome;
    }

    /// <summary>"code version, code version", or the status when there is no solution.</summary>
    public static string Chosen(this ResolutionOutcome outcome) =>
        outcome.Status is ResolutionStatus.Resolved ? string.Join(", ", outcome.Selected.Select(s => $"{s.CapabilityCode} {s.Version}")) : outcome.Status.ToString().ToLowerInvariant();

    private static (string Code, CatalogueVersion Version) Line(string line)
    {
        var colon = line.IndexOf(':', StringComparison.Ordinal);
        var head = (colon < 0 ? line : line[..colon]).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var clauses = colon < 0 ? [] : line[(colon + 1)..].Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var state = head.Length > 2 ? Enum.Parse<LifecycleState>(head[2], ignoreCase: true) : LifecycleState.Active;
        return (head[0], new(
            SemanticVersion.Parse(head[1]),
            state,
            [.. clauses.Where(c => !c.StartsWith("provides ", StringComparison.Ordinal)).Select(Dependency)],
            [.. clauses.Where(c => c.StartsWith("provides ", StringComparison.Ordinal)).Select(Service)]));
    }

    private static CatalogueDependency Dependency(string clause)
    {
        var (verb, rest) = (clause[..clause.IndexOf(' ', StringComparison.Ordinal)], clause[(clause.IndexOf(' ', StringComparison.Ordinal) + 1)..]);
        var type = verb switch
        {
            "needs" => DependencyType.Required,
            "recommends" => DependencyType.Recommended,
            "conflicts" => DependencyType.Conflicting,
            "enhances" => DependencyType.Enhancing,
            "offers" => DependencyType.Optional,
            _ => throw new FormatException(clause),
        };
        return new(type, [.. rest.Split(" or ").Select(Target)]);
    }

    private static CatalogueService Service(string clause)
    {
        var words = clause.Split(' ');
        return new(words[1], words.Length > 2 ? SemanticVersion.Parse(words[2]) : null);
    }

    private static CatalogueTarget Target(string text)
    {
        var space = text.IndexOf(' ', StringComparison.Ordinal);
        return space < 0 ? new(text, VersionRange.Any) : new(text[..space], VersionRange.Parse(text[(space + 1)..]));
    }
}
