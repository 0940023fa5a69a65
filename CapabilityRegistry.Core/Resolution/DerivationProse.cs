using System.Globalization;
using System.Text;

namespace CapabilityRegistry.Core.Resolution;

/// <summary>Writes a derivation as sentences in causal order: from what was asked towards where it breaks. Conclusions carry the number of their step.</summary>
internal static class DerivationProse
{
    private const int PremisesPerSentence = 4;

    public static string Write(IReadOnlyList<DerivationStep> steps)
    {
        var text = new StringBuilder();
        var told = 0;
        foreach (var step in steps.Where(s => s.Kind is DerivationStepKind.Derived))
        {
            if (IsRestatement(step, steps))
            {
                continue;
            }

            AppendStep(text, step, steps, told);
            told = step.Id;
            if (step.Terms.Count > 0)
            {
                text.Append(CultureInfo.InvariantCulture, $" ({step.Id})");
            }

            text.Append(". ");
        }

        return text.ToString().TrimEnd();
    }

    private static bool IsRestatement(DerivationStep step, IReadOnlyList<DerivationStep> steps) =>
        step.From.Count == 1 && step.Terms.Count > 0 && steps[step.From[0] - 1].Kind is not DerivationStepKind.Derived;

    private static void AppendStep(StringBuilder text, DerivationStep step, IReadOnlyList<DerivationStep> steps, int told)
    {
        var premises = InCausalOrder([.. step.From.Where(id => id != told).Reverse().Select(id => steps[id - 1])]).Select(Mention).Distinct(StringComparer.Ordinal).ToList();
        text.Append(told != 0 && step.From.Contains(told) ? "And because " : "Because ");
        while (premises.Count > PremisesPerSentence + 1)
        {
            text.Append(Join(premises[..PremisesPerSentence])).Append("; ");
            premises.RemoveRange(0, PremisesPerSentence);
        }

        text.Append(Join(premises)).Append(", ").Append(step.Text);
    }

    /// <summary>A premise comes after what brings in the capabilities that it speaks of; a requirement comes no earlier than it must.</summary>
    private static List<DerivationStep> InCausalOrder(List<DerivationStep> left)
    {
        var ordered = new List<DerivationStep>(left.Count);
        var known = new HashSet<string>(StringComparer.Ordinal);
        while (left.Count > 0)
        {
            var next = left.Find(p => p.Kind is not DerivationStepKind.Requirement && p.Terms.Where(t => t.Selected).All(t => known.Contains(t.CapabilityCode)))
                ?? left.Where(p => p.Kind is DerivationStepKind.Requirement).MinBy(p => p.Index)
                ?? left[0];
            left.Remove(next);
            ordered.Add(next);
            known.UnionWith(next.Terms.Select(t => t.CapabilityCode));
        }

        return ordered;
    }

    private static string Mention(DerivationStep step) =>
        step.Kind is DerivationStepKind.Derived ? string.Create(CultureInfo.InvariantCulture, $"{step.Text} ({step.Id})") : step.Text;

    private static string Join(List<string> items) => items.Count switch
    {
        0 => "of that",
        1 => items[0],
        _ => $"{string.Join(", ", items.Take(items.Count - 1))} and {items[^1]}",
    };
}
