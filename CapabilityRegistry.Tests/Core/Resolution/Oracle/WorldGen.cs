using CapabilityRegistry.Core.Manifests;
using CsCheck;

namespace CapabilityRegistry.Tests.Core.Resolution.Oracle;

/// <summary>Random worlds: three to six capabilities with one to three versions each, dependencies of all types with alternatives and services, all lifecycles.</summary>
/// <remarks>Left to chance alone, nine of ten worlds are decided at the first dependency. The tight ones lie near the edge between possible and impossible: what is required exists, and
/// many narrow conflicts take it back, so that in one of four the solver must learn from a conflict and in one of ten from several.</remarks>
internal static class WorldGen
{
    private static readonly string[] Codes = ["a", "b", "c", "d", "e", "f"];

    private static readonly Gen<int> AnyRange = Gen.Frequency((6, Gen.Const(0)), (10, Gen.Int[1, World.Ranges.Length - 2]), (1, Gen.Const(World.Ranges.Length - 1)));

    /// <summary>At least one of any three releases is in such a range.</summary>
    private static readonly Gen<int> WideRange = Gen.Frequency((3, Gen.Const(0)), (2, Gen.Int[1, 3]));

    private static readonly Gen<int> NarrowRange = Gen.Frequency((1, Gen.Const(0)), (10, Gen.Int[1, 7]));

    private static readonly Gen<WorldTarget> OnAnything = Target(Gen.Frequency((8, Gen.OneOf(Codes[..4])), (2, Gen.OneOf(Codes)), (3, Gen.OneOf("s", "t"))), AnyRange);

    private static readonly Gen<WorldTarget> OnWhatIs = Target(Gen.Frequency((12, Gen.OneOf(Codes)), (2, Gen.OneOf("s", "t"))), WideRange);

    private static readonly Gen<WorldTarget> OnCapabilities = Target(Gen.OneOf(Codes), WideRange);

    private static readonly Gen<WorldEdge> Against =
        Target(Gen.Frequency((12, Gen.OneOf(Codes)), (1, Gen.OneOf("s", "t"))), NarrowRange).Select(target => new WorldEdge(DependencyType.Conflicting, [target]));

    private static readonly Gen<WorldOffer> Offer =
        Gen.Select(Gen.Frequency((6, Gen.OneOf("s", "t")), (1, Gen.OneOf(Codes))), Gen.Int[-1, World.Versions.Length - 1], (name, version) => new WorldOffer(name, version));

    private static readonly Gen<WorldOffer[]> Offers = Gen.Frequency((2, Gen.Const(0)), (1, Gen.Int[1, 2])).SelectMany(count => Offer.Array[count]);

    private static readonly Gen<WorldOptions> Options =
        Gen.Select(Gen.Int[0, 4], Gen.Int[0, 2], Gen.Int[0, 3], (prerelease, recommended, enhancing) => new WorldOptions(prerelease == 4, recommended < 2, enhancing == 3));

    private static readonly Gen<WorldLock[]> Locks = Gen.Frequency((2, Gen.Const(0)), (1, Gen.Int[1, 4]))
        .SelectMany(count => Gen.Select(Gen.OneOf(Codes), Gen.Int[0, World.Versions.Length - 1], (name, version) => new WorldLock(name, version)).Array[count])
        .Select(all => all.DistinctBy(locked => locked.Name).ToArray());

    private static readonly Gen<World> WildWorlds = Gen.Select(
        Versions(Gen.Int[0, World.Versions.Length - 1], State(15, 2, 2, 1), Edge(OnAnything, (10, 4, 3, 1, 1), most: 3).Array[0, 3], Offers).Array[3, 6].Select(Named),
        OnAnything.Array[1, 3],
        Locks,
        Options,
        (capabilities, requirements, locks, options) => new World(capabilities, requirements, locks, options));

    private static readonly Gen<World> TightWorlds = Gen.Select(
        ThreeReleases(Both(Edge(OnWhatIs, (8, 0, 4, 1, 1), most: 2).Array[0, 3], Against.Array[0, 3]), Offers).Array[6].Select(Named),
        OnCapabilities.Array[2, 4],
        Locks,
        Options,
        (capabilities, requirements, locks, options) => new World(capabilities, requirements, locks, options));

    /// <summary>Everything there is.</summary>
    public static Gen<World> Worlds { get; } = Gen.Frequency((1, WildWorlds), (2, TightWorlds));

    /// <summary>Only required and conflicting dependencies on capabilities: no services, no alternatives, no wishes. Tight.</summary>
    public static Gen<World> PlainWorlds { get; } = Gen.Select(
        ThreeReleases(
            Both(Edge(OnCapabilities, (1, 0, 0, 0, 0), most: 1).Array[0, 2], Against.Where(edge => edge.Targets[0].Name is not ("s" or "t")).Array[0, 3]),
            Gen.Const(Array.Empty<WorldOffer>())).Array[6].Select(Named),
        OnCapabilities.Array[2, 4],
        Locks,
        (capabilities, requirements, locks) => new World(capabilities, requirements, locks, default));

    private static Gen<WorldTarget> Target(Gen<string> name, Gen<int> range) => Gen.Select(name, range, (n, r) => new WorldTarget(n, r));

    private static Gen<LifecycleState> State(int active, int deprecated, int yanked, int retired) => Gen.Frequency(
        (active, Gen.Const(LifecycleState.Active)), (deprecated, Gen.Const(LifecycleState.Deprecated)), (yanked, Gen.Const(LifecycleState.Yanked)), (retired, Gen.Const(LifecycleState.Retired)));

    private static Gen<WorldEdge> Edge(Gen<WorldTarget> target, (int Required, int Conflicting, int Recommended, int Optional, int Enhancing) weights, int most) => Gen.Select(
        Gen.Frequency(
            (weights.Required, Gen.Const(DependencyType.Required)), (weights.Conflicting, Gen.Const(DependencyType.Conflicting)), (weights.Recommended, Gen.Const(DependencyType.Recommended)),
            (weights.Optional, Gen.Const(DependencyType.Optional)), (weights.Enhancing, Gen.Const(DependencyType.Enhancing))),
        target.Array[1, most],
        (type, targets) => new WorldEdge(type, type is DependencyType.Conflicting or DependencyType.Enhancing ? targets[..1] : targets));

    private static Gen<WorldVersion[]> Versions(Gen<int> number, Gen<LifecycleState> state, Gen<WorldEdge[]> edges, Gen<WorldOffer[]> offers) =>
        Gen.Select(number, state, edges, offers, (n, s, e, o) => new WorldVersion(n, s, e, o)).Array[1, 3].Select(all => all.DistinctBy(v => v.Number).ToArray());

    private static Gen<WorldVersion[]> ThreeReleases(Gen<WorldEdge[]> edges, Gen<WorldOffer[]> offers) =>
        Gen.Select(
            Gen.Int[0, 3],
            Gen.Select(State(26, 2, 1, 0), edges, offers, (state, e, o) => (State: state, Edges: e, Offers: o)).Array[3],
            (without, all) => ((int[])[0, 1, 3, 4]).Where((_, i) => i != without).Zip(all, (number, v) => new WorldVersion(number, v.State, v.Edges, v.Offers)).ToArray());

    private static Gen<WorldEdge[]> Both(Gen<WorldEdge[]> one, Gen<WorldEdge[]> other) => Gen.Select(one, other, (left, right) => (WorldEdge[])[.. left, .. right]);

    private static WorldCapability[] Named(WorldVersion[][] all) => [.. all.Select((versions, i) => new WorldCapability(Codes[i], versions))];
}
