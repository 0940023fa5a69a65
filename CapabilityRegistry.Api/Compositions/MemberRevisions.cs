using System.Text.Json;
using System.Text.Json.Nodes;
using CapabilityRegistry.Core.Manifests;
using CapabilityRegistry.Data.Model;

namespace CapabilityRegistry.Api.Compositions;

/// <summary>At which revision each member of a composition changed last. With it an edit that was thought for an older revision can be merged without the state of then: it is in
/// nobody's way when no member that it names changed since (docs/adr/0015).</summary>
/// <remarks>Members are JSON pointers of one step, or of two inside an object: two settings of one configuration are two members. There are at most <see cref="Most"/>; beyond them,
/// those inside an object are kept as one, which can only find a conflict too many.</remarks>
internal sealed class MemberRevisions
{
    /// <summary>Of a composition that was never changed.</summary>
    public const string None = "{}";

    private const int Most = 256;

    private readonly Dictionary<string, long> _revisions;

    private MemberRevisions(Dictionary<string, long> revisions) => _revisions = revisions;

    public static MemberRevisions Of(Composition composition) => new(JsonSerializer.Deserialize<Dictionary<string, long>>(composition.MemberRevisions, RegistryJson.Options)!);

    /// <summary>The members in which two states differ.</summary>
    public static IReadOnlyList<string> Differences(JsonObject before, JsonObject after) =>
        [.. NamesOf(before, after).SelectMany(name => (before[name], after[name]) switch
        {
            (JsonObject one, JsonObject other) => NamesOf(one, other).Where(inner => !JsonNode.DeepEquals(one[inner], other[inner])).Select(inner => Pointer(name, inner)),
            var (one, other) when !JsonNode.DeepEquals(one, other) => [Pointer(name)],
            _ => [],
        })];

    /// <summary>The members that a merge patch names.</summary>
    public static IReadOnlyList<string> Named(JsonObject patch) =>
        [.. patch.SelectMany(member => member is { Key: "capability_ids" } ? [Pointer("requirements")] : member.Value is JsonObject { Count: > 0 } inner ? inner.Select(i => Pointer(member.Key, i.Key)) : [Pointer(member.Key)])];

    /// <summary>Whether two members are one, or one inside the other. The empty pointer is the whole.</summary>
    public static bool Overlap(string one, string other) => one == other || one.StartsWith($"{other}/", StringComparison.Ordinal) || other.StartsWith($"{one}/", StringComparison.Ordinal);

    /// <summary>Whether a member, or something in or around it, changed after a revision.</summary>
    public bool HasChanged(string member, long since) => _revisions.Any(r => r.Value > since && Overlap(r.Key, member));

    /// <summary>The same after a change.</summary>
    public MemberRevisions With(IReadOnlyList<string> changed, long revision)
    {
        var revisions = _revisions.Where(r => !changed.Any(c => r.Key.StartsWith($"{c}/", StringComparison.Ordinal))).ToDictionary(StringComparer.Ordinal);
        foreach (var member in changed)
        {
            revisions[member] = revision;
        }

        return new(revisions.Count <= Most ? revisions : revisions.GroupBy(r => $"/{r.Key.Split('/')[1]}", r => r.Value).ToDictionary(g => g.Key, g => g.Max(), StringComparer.Ordinal));
    }

    public string ToJson() => JsonSerializer.Serialize(_revisions, RegistryJson.Options);

    private static IEnumerable<string> NamesOf(JsonObject one, JsonObject other) => one.Select(m => m.Key).Union(other.Select(m => m.Key), StringComparer.Ordinal);

    private static string Pointer(params ReadOnlySpan<string> steps)
    {
        var pointer = "";
        foreach (var step in steps)
        {
            pointer += $"/{step.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}";
        }

        return pointer;
    }
}
