using CapabilityRegistry.Cli.Http;

namespace CapabilityRegistry.Cli.Importing;

/// <summary>What became of one line, as the registry says it: <c>created</c>, <c>updated</c>, <c>unchanged</c>, <c>skipped</c> or <c>failed</c>.
/// The line is its number in the request, from 1.</summary>
internal sealed record ImportOutcome(
    int Line, string? Status, string? CapabilityCode = null, string? Version = null, string? ErrorCode = null, IReadOnlyList<Finding>? Errors = null);

/// <summary>A line that failed, by its number in the file, from 1.</summary>
internal sealed record ImportFailure(long Line, string? CapabilityCode, string? Version, string? ErrorCode, IReadOnlyList<Finding> Errors);

/// <summary>What became of a file: whether its end was reached, the counts, and the first of the lines that failed.</summary>
internal sealed record ImportSummary(
    bool Completed, long Lines, long Created, long Updated, long Unchanged, long Skipped, long Failed, long DurationMs, IReadOnlyList<ImportFailure> Failures);
