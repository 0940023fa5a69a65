namespace CapabilityRegistry.Cli.Http;

/// <summary>An error of the registry (RFC 9457).</summary>
internal sealed record Problem(
    string? Title, string? Detail = null, string? ErrorCode = null, string? TraceId = null, IReadOnlyList<Finding>? Errors = null);

/// <summary>One thing that is wrong with what was sent.</summary>
internal sealed record Finding(string? Pointer, string? Code, string? Message)
{
    public override string ToString() => string.Join("  ", new[] { Pointer, Message, Code is null ? null : $"({Code})" }.Where(part => part is { Length: > 0 }));
}
