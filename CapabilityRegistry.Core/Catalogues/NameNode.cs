using System.Collections.Concurrent;
using CapabilityRegistry.Core.Versions;

namespace CapabilityRegistry.Core.Catalogues;

/// <summary>A version that provides a service.</summary>
internal readonly record struct Provider(CapabilityNode Capability, int Version, SemanticVersion? Offered);

/// <summary>A version that enhances a name.</summary>
internal readonly record struct Enhancer(CapabilityNode Capability, int Version, VersionRange Range);

/// <summary>The versions of one capability that meet a target, as a set over that capability.</summary>
internal sealed record Candidate(CapabilityNode Capability, ulong[] Versions, bool IsProvider);

/// <summary>Everything that one name stands for in a snapshot. Immutable but for a cache of answers that depend on nothing else.</summary>
internal sealed class NameNode(int number, CapabilityNode? capability, Provider[] providers, Enhancer[] enhancers)
{
    /// <summary>A node of a name that nothing bears.</summary>
    private static readonly Candidate[] Nobody = [];

    private ConcurrentDictionary<VersionRange, Candidate[]>? _candidates;

    public int Number { get; } = number;

    public CapabilityNode? Capability { get; } = capability;

    public Provider[] Providers { get; } = providers;

    public Enhancer[] Enhancers { get; } = enhancers;

    public bool IsKnown => Capability is not null || Providers.Length > 0;

    /// <summary>Who meets a range: the capability of that name first, then the providers by code. Capabilities of which no version does are left out.</summary>
    /// <param name="range">The range.</param>
    /// <param name="includePrerelease">Whether pre-releases count as ordinary versions.</param>
    /// <param name="remember">Keep the answer: only for ranges that the catalogue itself holds, whose number is bounded.</param>
    public Candidate[] Candidates(VersionRange range, bool includePrerelease, bool remember)
    {
        if (!IsKnown)
        {
            return Nobody;
        }

        if (includePrerelease || !remember)
        {
            return Match(range, includePrerelease);
        }

        var cache = _candidates ?? Interlocked.CompareExchange(ref _candidates, new(concurrencyLevel: 1, capacity: 1), null) ?? _candidates;
        return cache.TryGetValue(range, out var known) ? known : cache.GetOrAdd(range, Match(range, includePrerelease: false));
    }

    private Candidate[] Match(VersionRange range, bool includePrerelease)
    {
        var matches = new List<Candidate>(1);
        if (Capability is not null && MatchOwn(Capability, range, includePrerelease) is { } own)
        {
            matches.Add(new(Capability, own, IsProvider: false));
        }

        for (var i = 0; i < Providers.Length;)
        {
            var provider = Providers[i].Capability;
            ulong[]? set = null;
            for (; i < Providers.Length && Providers[i].Capability == provider; i++)
            {
                var meets = range.IsAny || (Providers[i].Offered is { } offered && range.Contains(offered, includePrerelease));
                if (meets)
                {
                    set ??= new ulong[provider.Words];
                    set[Providers[i].Version >> 6] |= 1UL << Providers[i].Version;
                }
            }

            if (set is not null)
            {
                Add(matches, provider, set);
            }
        }

        return [.. matches];
    }

    private void Add(List<Candidate> matches, CapabilityNode provider, ulong[] set)
    {
        if (matches.Count > 0 && matches[0].Capability == provider && provider == Capability)
        {
            var own = matches[0].Versions;
            for (var i = 0; i < set.Length; i++)
            {
                own[i] |= set[i];
            }
        }
        else
        {
            matches.Add(new(provider, set, IsProvider: true));
        }
    }

    private static ulong[]? MatchOwn(CapabilityNode capability, VersionRange range, bool includePrerelease)
    {
        ulong[]? set = null;
        for (var i = 0; i < capability.Versions.Length; i++)
        {
            if (range.Contains(capability.Versions[i].Version, includePrerelease))
            {
                set ??= new ulong[capability.Words];
                set[i >> 6] |= 1UL << i;
            }
        }

        return set;
    }
}
