using System.Globalization;

namespace CapabilityRegistry.Data.Audit;

/// <summary>What is wrong with a chain.</summary>
public enum ChainFaultKind
{
    /// <summary>An entry is not what it was when it was linked.</summary>
    Altered,

    /// <summary>An entry or a link is gone.</summary>
    Missing,

    /// <summary>There is an entry that was not there when the chain came by.</summary>
    Inserted,

    /// <summary>An entry or a link has another place than it had.</summary>
    Reordered,

    /// <summary>A link is not what was made of the link before it.</summary>
    BrokenLink,
}

/// <summary>The first thing that is wrong.</summary>
/// <param name="Kind">What is wrong.</param>
/// <param name="Ordinal">Where in the chain; null of what is in no place of it.</param>
/// <param name="Position">The event's place in the one sequence, if it is known.</param>
/// <param name="AuditId">The entry, if it is known.</param>
public sealed record ChainFault(ChainFaultKind Kind, long? Ordinal, long? Position, long? AuditId);

/// <summary>A link as somebody noted it elsewhere: if the chain has another one there, or none, what is before it was changed.</summary>
/// <param name="Ordinal">The place in the chain.</param>
/// <param name="LinkHash">The link's hash.</param>
public sealed record ChainAnchor(long Ordinal, byte[] LinkHash)
{
    /// <summary>Reads <c>ordinal:hash</c>; null when it is something else.</summary>
    public static ChainAnchor? Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Split(':') is [var number, { Length: 2 * AuditHashes.Bytes } digits]
            && long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var ordinal)
            && digits.All(char.IsAsciiHexDigit)
            ? new(ordinal, Convert.FromHexString(digits))
            : null;
    }

    /// <summary>As it is noted.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Ordinal}:{Convert.ToHexStringLower(LinkHash)}");
}

/// <summary>The end of a tenant's chain.</summary>
/// <param name="Anchor">The last link; null while there is none.</param>
/// <param name="Position">That link's place in the one sequence.</param>
/// <param name="LinkedThrough">Everything of every tenant up to this position is linked.</param>
/// <param name="Pending">How many of the tenant's events wait to be linked.</param>
public sealed record ChainHead(ChainAnchor? Anchor, long Position, long LinkedThrough, long Pending);

/// <summary>What came of a verification.</summary>
/// <param name="From">The first ordinal that was looked at.</param>
/// <param name="To">The last one.</param>
/// <param name="Verified">How many links are what they should be.</param>
/// <param name="Head">The end of the chain.</param>
/// <param name="FirstFault">The first thing that is wrong; null when nothing is.</param>
public sealed record ChainReport(long From, long To, long Verified, ChainHead Head, ChainFault? FirstFault);
