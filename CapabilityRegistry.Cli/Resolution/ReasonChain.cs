namespace CapabilityRegistry.Cli.Resolution;

/// <summary>Says in sentences how a requirement leads to a version.</summary>
internal static class ReasonChain
{
    /// <summary>The sentences from a requirement down to a capability, or to whoever provides it as a service; null when nothing of that name is in the lock.</summary>
    public static IReadOnlyList<string>? To(string code, LockDocument? content)
    {
        var versions = content?.Versions ?? [];
        var selection = versions.FirstOrDefault(v => v.CapabilityCode == code) ?? versions.FirstOrDefault(v => ReasonFor(code, v) is not null);
        return selection is null ? null : Sentences(code, selection, versions.ToDictionary(v => v.CapabilityCode, StringComparer.Ordinal));
    }

    private static List<string> Sentences(string code, Selection last, Dictionary<string, Selection> byCode)
    {
        var sentences = new List<string> { $"So {Name(last)} is part of the result." };
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var (next, reason) = ((Selection?)last, ReasonFor(code, last) ?? last.FirstReason);
        while (next is not null && seen.Add(next.CapabilityCode))
        {
            var by = reason?.RequiredBy is { } name ? byCode.GetValueOrDefault(name) : null;
            sentences.Add(Sentence(next, reason, by));
            (next, reason) = (by, by?.FirstReason);
        }

        sentences.Reverse();
        return sentences;
    }

    /// <summary>The reason that a version is there as the service of that name.</summary>
    private static Reason? ReasonFor(string service, Selection selection) =>
        selection.CapabilityCode == service ? null : selection.Reasons?.FirstOrDefault(r => r.CapabilityCode == service);

    private static string Sentence(Selection selection, Reason? reason, Selection? by)
    {
        if (reason is null)
        {
            return $"{Name(selection)} enhances a part of the result.";
        }

        var provider = reason.CapabilityCode == selection.CapabilityCode ? "" : $", which {Name(selection)} provides";
        return by is null
            ? $"You asked for {reason.Target}{provider}."
            : $"{Name(by)} {(reason.DependencyType is "recommended" ? "recommends" : "requires")} {reason.Target}{provider}.";
    }

    private static string Name(Selection selection) => $"{selection.CapabilityCode} {selection.Version}";
}
