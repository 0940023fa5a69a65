namespace CapabilityRegistry.Cli.Audit;

/// <summary>The end of the audit chain.</summary>
internal sealed record AuditHead(long? Ordinal, long? Position, string? LinkHash, string? Anchor, long LinkedThrough, long Pending)
{
    public override string ToString() => Ordinal is null ? "Nothing is linked yet." : $"{Ordinal:N0} entries are linked{(Pending > 0 ? $", {Pending:N0} wait" : "")}.";
}

/// <summary>What came of verifying a range.</summary>
internal sealed record AuditVerification(bool Valid, long Verified, long From, long? To, long? NextFrom, AuditHead? Head, AuditFault? FirstFault);

/// <summary>The first thing that is wrong.</summary>
internal sealed record AuditFault(string? Kind, long? Ordinal, long? Position, long? AuditId)
{
    public override string ToString() => string.Join(
        ", ",
        new[] { Kind, Named("link", Ordinal), Named("position", Position), Named("entry", AuditId) }.Where(part => part is not null));

    private static string? Named(string what, long? number) => number is null ? null : $"{what} {number}";
}
