using CapabilityRegistry.Core.Catalogues;
using CapabilityRegistry.Core.Manifests;
using CapabilityRegistry.Core.Resolution;
using CapabilityRegistry.Core.Versions;

namespace CapabilityRegistry.Tests.Core.Resolution.Oracle;

/// <summary>A small catalogue and a request, in terms of numbers: versions are indexes into <see cref="Versions"/>, ranges into <see cref="Ranges"/>.</summary>
internal sealed record World(WorldCapability[] Capabilities, WorldTarget[] Requirements, WorldLock[] Lock, WorldOptions Options)
{
    /// <summary>All version numbers there are, ascending.</summary>
    public static readonly string[] Versions = ["1.0.0", "1.1.0", "2.0.0-rc.1", "2.0.0", "3.0.0"];

    /// <summary>All ranges there are; which of the versions are in them; and which, when pre-releases are asked for. Written by hand, so that the oracle shares nothing with Core.</summary>
    public static readonly (string Text, string Holds, string HoldsWithPrereleases)[] Ranges =
    [
        ("*", "11.11", "11111"),
        ("^1.0.0", "11...", "11..."),
        (">=1.1.0", ".1.11", ".1111"),
        ("<2.0.0", "11...", "111.."),
        ("2.x", "...1.", "..11."),
        (">=2.0.0-rc.1", "..111", "..111"),
        ("=1.0.0", "1....", "1...."),
        ("^1.1.0 || 3.0.0", ".1..1", ".1..1"),
        (">=4.0.0", ".....", "....."),
    ];

    public ResolutionRequest Request() => new()
    {
        Requirements = [.. Requirements.Select(t => new Requirement(t.Name, VersionRange.Parse(Ranges[t.Range].Text)))],
        Lock = [.. Lock.Select(l => new LockedVersion(l.Name, SemanticVersion.Parse(Versions[l.Version])))],
        IncludePrerelease = Options.Prerelease,
        IncludeRecommended = Options.Recommended,
        IncludeEnhancing = Options.Enhancing,
    };

    public Catalogue Catalogue()
    {
        var builder = new CatalogueBuilder(CapabilityRegistry.Core.Catalogues.Catalogue.Empty);
        foreach (var capability in Capabilities)
        {
            builder.Put(Declare(capability));
        }

        return builder.Build(position: 1);
    }

    public static CatalogueCapability Declare(WorldCapability capability) => new(capability.Code, [.. capability.Versions.Select(version => new CatalogueVersion(
        SemanticVersion.Parse(Versions[version.Number]),
        version.State,
        [.. version.Edges.Select(edge => new CatalogueDependency(edge.Type, [.. edge.Targets.Select(t => new CatalogueTarget(t.Name, VersionRange.Parse(Ranges[t.Range].Text)))]))],
        [.. version.Offers.Select(offer => new CatalogueService(offer.Name, offer.Version < 0 ? null : SemanticVersion.Parse(Versions[offer.Version])))]))]);

    /// <summary>In the language of <see cref="Registry"/>, to paste a shrunk counterexample into a test.</summary>
    public override string ToString() => string.Join('\n', Capabilities.SelectMany(c => c.Versions.Select(v => $"\"{Line(c, v)}\",")))
        + $"\nasked: {string.Join(", ", Requirements.Select(Text))}; locked: {string.Join(", ", Lock.Select(l => $"{l.Name} {Versions[l.Version]}"))}; {Options}";

    private static string Line(WorldCapability capability, WorldVersion version)
    {
        var clauses = version.Edges.Select(edge => $"{Verb(edge.Type)} {string.Join(" or ", edge.Targets.Select(Text))}")
            .Concat(version.Offers.Select(offer => $"provides {offer.Name}{(offer.Version < 0 ? "" : $" {Versions[offer.Version]}")}"));
        var state = version.State is LifecycleState.Active ? "" : $" {version.State.ToString().ToLowerInvariant()}";
        return $"{capability.Code} {Versions[version.Number]}{state}: {string.Join("; ", clauses)}";
    }

    private static string Text(WorldTarget target) => $"{target.Name} {Ranges[target.Range].Text}";

    private static string Verb(DependencyType type) => type switch
    {
        DependencyType.Required => "needs",
        DependencyType.Recommended => "recommends",
        DependencyType.Conflicting => "conflicts",
        DependencyType.Enhancing => "enhances",
        _ => "offers",
    };
}

internal sealed record WorldCapability(string Code, WorldVersion[] Versions);

internal sealed record WorldVersion(int Number, LifecycleState State, WorldEdge[] Edges, WorldOffer[] Offers);

internal sealed record WorldEdge(DependencyType Type, WorldTarget[] Targets);

internal readonly record struct WorldTarget(string Name, int Range);

/// <summary>A provided service; a version of -1 means that it has none.</summary>
internal readonly record struct WorldOffer(string Name, int Version);

internal readonly record struct WorldLock(string Name, int Version);

internal readonly record struct WorldOptions(bool Prerelease, bool Recommended, bool Enhancing);
