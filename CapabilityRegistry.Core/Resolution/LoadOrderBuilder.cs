namespace CapabilityRegistry.Core.Resolution;

/// <summary>Ranks a graph of needs: depth-first search in ordinal order finds the edges that close cycles; without them the rank is the longest path downwards.</summary>
/// <remarks>Linear in the edges. Iterative: a chain of a hundred thousand needs does not overflow the stack.</remarks>
internal sealed class LoadOrderBuilder(IReadOnlyList<string> codes, IReadOnlyList<int[]> needs)
{
    private readonly int[] _rank = new int[codes.Count];
    private readonly Visit[] _visits = new Visit[codes.Count];
    private readonly List<(int Node, int Next)> _path = [];
    private readonly List<LoadCycle> _cycles = [];

    private enum Visit : byte
    {
        New,
        OnPath,
        Done,
    }

    /// <summary>Orders a graph.</summary>
    /// <param name="codes">The capabilities in ordinal order.</param>
    /// <param name="needs">For each capability the indexes of those that it needs.</param>
    public static LoadOrder Build(IReadOnlyList<string> codes, IReadOnlyList<int[]> needs) => new LoadOrderBuilder(codes, needs).Build();

    private LoadOrder Build()
    {
        for (var i = 0; i < codes.Count; i++)
        {
            if (_visits[i] is Visit.New)
            {
                Search(i);
            }
        }

        var ranks = Enumerable.Range(0, codes.Count).GroupBy(i => _rank[i]).OrderBy(g => g.Key).Select(g => (IReadOnlyList<string>)[.. g.Select(i => codes[i])]);
        return new([.. ranks], _cycles);
    }

    private void Search(int start)
    {
        Enter(start);
        while (_path.Count > 0)
        {
            var (node, next) = _path[^1];
            if (next == needs[node].Length)
            {
                Leave(node);
                continue;
            }

            _path[^1] = (node, next + 1);
            Follow(node, needs[node][next]);
        }
    }

    private void Enter(int node)
    {
        _visits[node] = Visit.OnPath;
        _path.Add((node, 0));
    }

    private void Leave(int node)
    {
        _visits[node] = Visit.Done;
        _path.RemoveAt(_path.Count - 1);
        if (_path.Count > 0)
        {
            Raise(_path[^1].Node, node);
        }
    }

    private void Follow(int node, int need)
    {
        switch (_visits[need])
        {
            case Visit.New:
                Enter(need);
                break;
            case Visit.Done:
                Raise(node, need);
                break;
            case Visit.OnPath when need != node:
                var from = _path.FindIndex(step => step.Node == need);
                _cycles.Add(new([.. _path.Skip(from).Select(step => codes[step.Node])], codes[node], codes[need]));
                break;
        }
    }

    private void Raise(int node, int need) => _rank[node] = Math.Max(_rank[node], _rank[need] + 1);
}
