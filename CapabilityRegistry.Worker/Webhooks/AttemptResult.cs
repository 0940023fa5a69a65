namespace CapabilityRegistry.Worker.Webhooks;

/// <summary>How an attempt ended.</summary>
internal enum AttemptOutcome
{
    /// <summary>2xx.</summary>
    Delivered,

    /// <summary>Any other answer.</summary>
    Rejected,

    /// <summary>410: the receiver wants nothing any more.</summary>
    Gone,

    /// <summary>No answer in time.</summary>
    TimedOut,

    /// <summary>No connection, or one that broke.</summary>
    Unreachable,

    /// <summary>Not called, because of where the address leads.</summary>
    Refused,
}

/// <summary>One attempt, as it went.</summary>
/// <param name="StartedAt">When it began.</param>
/// <param name="Duration">How long it took.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="Status">What the receiver answered; null when it did not.</param>
/// <param name="Error">Why it is no success, for people.</param>
/// <param name="Response">How the answer's body begins.</param>
/// <param name="RetryAfter">How long the receiver wants to be left alone.</param>
internal sealed record AttemptResult(
    DateTimeOffset StartedAt, TimeSpan Duration, AttemptOutcome Outcome, short? Status = null, string? Error = null, string? Response = null, TimeSpan? RetryAfter = null);
