using Spectre.Console;

namespace CapabilityRegistry.Cli.Resolution;

/// <summary>The result as a tree: every version stands once, below the first reason for it.</summary>
internal sealed class DependencyTree
{
    private readonly ILookup<string, Selection> _children;
    private readonly int _depth;

    private DependencyTree(ILookup<string, Selection> children, int depth)
    {
        _children = children;
        _depth = depth;
    }

    /// <summary>Draws the tree down to a depth.</summary>
    public static Tree Draw(IReadOnlyList<Selection> versions, int depth)
    {
        var codes = versions.Select(v => v.CapabilityCode).ToHashSet(StringComparer.Ordinal);
        var below = versions.ToLookup(v => v.FirstReason?.RequiredBy is { } by && by != v.CapabilityCode && codes.Contains(by));
        var children = below[true].ToLookup(v => v.FirstReason!.RequiredBy!, StringComparer.Ordinal);
        return new DependencyTree(children, depth).Draw(below[false]);
    }

    private Tree Draw(IEnumerable<Selection> roots)
    {
        var tree = new Tree("You asked for");
        foreach (var root in roots)
        {
            Draw(tree, root, 1);
        }

        return tree;
    }

    private void Draw(IHasTreeNodes parent, Selection selection, int level)
    {
        var hidden = level < _depth ? 0 : CountBelow(selection);
        var node = parent.AddNode(Label(selection, hidden));
        if (level < _depth)
        {
            foreach (var child in _children[selection.CapabilityCode])
            {
                Draw(node, child, level + 1);
            }
        }
    }

    private int CountBelow(Selection selection)
    {
        var count = 0;
        var open = new Stack<Selection>(_children[selection.CapabilityCode]);
        while (open.TryPop(out var next))
        {
            count++;
            foreach (var child in _children[next.CapabilityCode])
            {
                open.Push(child);
            }
        }

        return count;
    }

    private static Paragraph Label(Selection selection, int hidden)
    {
        var label = new Paragraph(Shown.Clean(selection.CapabilityCode), Shown.Strong).Append($" {Shown.Clean(selection.Version)}");
        if (selection.Lifecycle is { } lifecycle and not "active")
        {
            label.Append($" {Shown.Clean(lifecycle)}", new(Color.Yellow));
        }

        label.Append(Shown.Clean(Because(selection)), Shown.Dim);
        return hidden == 0 ? label : label.Append($"  and {hidden:N0} more below", Shown.Dim);
    }

    private static string Because(Selection selection)
    {
        if (selection.FirstReason is not { } reason)
        {
            return "  enhances a part of the result";
        }

        var service = reason.CapabilityCode == selection.CapabilityCode ? "" : $"  provides {reason.Target}";
        return reason.DependencyType is null or "required" ? service : $"{service}  {reason.DependencyType}";
    }
}
