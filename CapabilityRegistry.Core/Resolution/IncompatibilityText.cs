namespace CapabilityRegistry.Core.Resolution;

/// <summary>Says in words what a derived incompatibility means (PubGrub, "Error reporting").</summary>
internal static class IncompatibilityText
{
    /// <summary>The term of which a literal is the negation: a set of versions, and whether one of them or none of them is selected.</summary>
    public static (ulong[] Set, bool Selected) TermOf(Solver solver, Literal literal)
    {
        var allowed = solver.SetOf(literal).ToArray();
        var none = solver.NoneOf(literal.Variable);
        var selected = Bits.Has(allowed, none);
        if (selected)
        {
            var all = new ulong[allowed.Length];
            Bits.Fill(all, none);
            for (var i = 0; i < allowed.Length; i++)
            {
                allowed[i] = all[i] & ~allowed[i];
            }
        }

        Bits.Remove(allowed, none);
        return (allowed, selected);
    }

    public static string Conclusion(Solver solver, int number)
    {
        var terms = solver.LiteralsOf(number).Where(l => solver.NodeOf(l.Variable) is not null).Select(literal =>
        {
            var (set, selected) = TermOf(solver, literal);
            var node = solver.NodeOf(literal.Variable)!;
            return (Text: $"{node.Code} {VersionSetText.Short(node, set)}".TrimEnd(), Selected: selected);
        }).ToArray();
        var given = terms.Where(t => t.Selected).Select(t => t.Text).ToArray();
        var needed = string.Join(" or ", terms.Where(t => !t.Selected).Select(t => t.Text));
        return (given, needed) switch
        {
            ([], "") => "what you asked for is impossible",
            ([], _) => $"{needed} is needed",
            ([var only], "") => $"{only} cannot be part of any solution",
            ([var left, var right], "") => $"{left} and {right} do not go together",
            (_, "") => $"{Join(given)} do not all go together",
            ([var only], _) => $"{only} needs {needed}",
            _ => $"{Join(given)} together need {needed}",
        };
    }

    private static string Join(string[] items) => $"{string.Join(", ", items[..^1])} and {items[^1]}";
}
