using System.Collections.Concurrent;

namespace CapabilityRegistry.Benchmarks.Clients;

/// <summary>One request.</summary>
/// <param name="Kind">What was asked.</param>
/// <param name="Began">When.</param>
/// <param name="Time">Until its answer was there in full.</param>
/// <param name="Failure">Why it failed; null when it did not.</param>
internal sealed record Sample(string Kind, long Began, TimeSpan Time, string? Failure);

/// <summary>Every request of a run. A client asks once: what fails has failed.</summary>
internal sealed class Samples
{
    private readonly ConcurrentQueue<Sample> _all = new();

    public IReadOnlyCollection<Sample> All => _all;

    public IReadOnlyList<Sample> Failures => [.. _all.Where(s => s.Failure is not null)];

    /// <summary>Those that were under way between two moments.</summary>
    public IReadOnlyList<Sample> Between(long began, long ended) => [.. _all.Where(s => s.Began < ended && TimeProvider.System.GetElapsedTime(began, s.Began) + s.Time >= TimeSpan.Zero)];

    /// <summary>Does something that is a request, and keeps how it went.</summary>
    /// <returns>Whether it succeeded.</returns>
    public Task<bool> TakeAsync(string kind, Func<Task<string?>> request) => TakeAsync(kind, TimeProvider.System.GetTimestamp(), request);

    /// <summary>Does something that is a request, and keeps how it went.</summary>
    /// <param name="kind">What is asked.</param>
    /// <param name="began">Since when its time counts: where requests have a pace, when it was due, so that one that had to wait for its turn shows it.</param>
    /// <param name="request">Does it; why it failed, or null.</param>
    /// <returns>Whether it succeeded.</returns>
    public async Task<bool> TakeAsync(string kind, long began, Func<Task<string?>> request)
    {
        string? failure;
        try
        {
            failure = await request();
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or TaskCanceledException)
        {
            failure = $"{exception.GetType().Name}: {exception.Message} {exception.InnerException?.Message}";
        }

        _all.Enqueue(new(kind, began, TimeProvider.System.GetElapsedTime(began), failure));
        return failure is null;
    }

    /// <summary>The time that a share of the requests stayed below.</summary>
    public static TimeSpan At(double share, IEnumerable<Sample> samples) => samples.Select(s => s.Time).Order().ToArray() is { Length: > 0 } ordered ? ordered[(int)(share * (ordered.Length - 1))] : TimeSpan.Zero;
}
