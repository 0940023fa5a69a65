using CapabilityRegistry.Core.Catalogues;

namespace CapabilityRegistry.Core.Resolution;

/// <summary>A package of PubGrub: a capability whose value is one of its versions or "not selected", or a selector that says whether a recommendation is followed.</summary>
/// <remarks>Invariant: the domain is never empty and is a subset of the initial domain, which leaves out versions that may not be chosen in this resolution.</remarks>
internal struct Variable
{
    /// <summary>The capability; null for a selector, which has one "version", number 0.</summary>
    public CapabilityNode? Node;

    /// <summary>Words of a set over this variable.</summary>
    public int Words;

    /// <summary>The bit for "not selected", behind the versions.</summary>
    public int None;

    /// <summary>Where the initial domain lies among the sets.</summary>
    public int Initial;

    /// <summary>Where the domain lies: an offset into the stack of domains or, complemented, into the sets.</summary>
    public int Domain;

    /// <summary>The last trail entry about this variable, or -1.</summary>
    public int LastEntry;

    /// <summary>Head of the list of watches, or -1.</summary>
    public int FirstWatch;

    /// <summary>For each edge of the capability the incompatibility made of it, or -1. Null until one is made.</summary>
    public int[]? EdgeIncompatibilities;
}

/// <summary>A literal of a clause: the variable's value is in the set. It is the negation of a term of the incompatibility.</summary>
internal readonly record struct Literal(int Variable, int Set);

/// <summary>What an incompatibility follows from.</summary>
internal enum CauseKind
{
    /// <summary>A root requirement; <see cref="Incompatibility.Index"/> is its number.</summary>
    Root,

    /// <summary>A required dependency; Subject declares edge number Index.</summary>
    Dependency,

    /// <summary>A conflict; Subject declares edge number Index, Object is the other side.</summary>
    Conflict,

    /// <summary>A recommended dependency; Subject declares edge number Index, Object is the selector.</summary>
    Recommendation,

    /// <summary>An enhancement asked for; Subject enhances, Object is the selector.</summary>
    Enhancement,

    /// <summary>Resolution of others, in the order of the chain.</summary>
    Derived,
}

/// <summary>A set of terms that are not all true in any solution, stored as the clause of their negations.</summary>
/// <remarks>Literals are one to a variable; the two watched ones stand first.</remarks>
internal struct Incompatibility
{
    public int Start;
    public int Length;
    public CauseKind Kind;
    public int Subject;
    public int Index;
    public int Object;

    /// <summary>For a derived one: an incompatibility, then pairs of an incompatibility and the variable that the resolution step eliminates or narrows.</summary>
    public int[]? Chain;
}

/// <summary>An assignment: the domain of a variable became smaller. A decision has no cause (-1).</summary>
internal readonly record struct Assignment(int Variable, int OldDomain, int Cause, int Previous, int Level, int DomainTop);

/// <summary>How far the queues had come when a decision level began.</summary>
internal readonly record struct LevelMark(int Trail, int Fixed, int FixedHead, int Open, int OpenHead, int Pending, int PendingHead);

/// <summary>A link in the list of incompatibilities that watch a variable.</summary>
internal struct Watch
{
    public int Incompatibility;
    public int Next;
}

/// <summary>An array that grows by doubling. A field, never copied.</summary>
internal struct Growing<T>
{
    public T[] Items;
    public int Count;

    public Growing(int capacity)
    {
        Items = new T[capacity];
        Count = 0;
    }

    public readonly ref T this[int index] => ref Items[index];

    public int Add(T item)
    {
        if (Count == Items.Length)
        {
            Array.Resize(ref Items, Count * 2);
        }

        Items[Count] = item;
        return Count++;
    }

    /// <summary>Room for some zeroed items; answers where it begins.</summary>
    public int Reserve(int count)
    {
        if (Count + count > Items.Length)
        {
            Array.Resize(ref Items, Math.Max(Items.Length * 2, Count + count));
        }

        Items.AsSpan(Count, count).Clear();
        Count += count;
        return Count - count;
    }
}
