namespace CapabilityRegistry.ServiceDefaults.Shutdown;

/// <summary>Whether the process was told to stop, and sees off those who still ask it.</summary>
internal sealed class Drain
{
    private int _hasBegun;

    public bool HasBegun => Volatile.Read(ref _hasBegun) != 0;

    /// <summary>Begins.</summary>
    /// <returns>False when it had begun before.</returns>
    public bool TryBegin() => Interlocked.Exchange(ref _hasBegun, 1) == 0;
}
