namespace CapabilityRegistry.Core.Versions;

internal enum ComparatorOperator
{
    Equal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// <summary>One primitive comparison. <see cref="Padded"/> marks a lower bound that was completed from a partial version (<c>1.x</c>, <c>~1</c>, <c>*</c>):
/// when pre-releases are asked for, it begins at the first pre-release of that version.</summary>
internal readonly record struct Comparator(ComparatorOperator Operator, SemanticVersion Version, bool Padded = false)
{
    public bool Allows(SemanticVersion candidate, bool includePrerelease)
    {
        var order = candidate.CompareTo(Version);
        return Operator switch
        {
            ComparatorOperator.Equal => order == 0,
            ComparatorOperator.Less => order < 0,
            ComparatorOperator.LessOrEqual => order <= 0,
            ComparatorOperator.Greater => order > 0,
            _ => order >= 0 || (Padded && includePrerelease && candidate.SameNumbers(Version)),
        };
    }
}
