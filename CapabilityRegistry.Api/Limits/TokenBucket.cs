namespace CapabilityRegistry.Api.Limits;

/// <summary>One bucket. It starts full.</summary>
internal sealed class TokenBucket(Allowance allowance, long now)
{
    private readonly Lock _gate = new();
    private long _missing;
    private long _at = now;
    private bool _dropped;

    /// <summary>Takes a token if there is one. Null when the bucket was dropped: what is taken from it would be forgotten.</summary>
    public Verdict? TryTake(long now)
    {
        lock (_gate)
        {
            if (_dropped)
            {
                return null;
            }

            Advance(now);
            var verdict = allowance.Take(_missing);
            _missing = verdict.Missing;
            return verdict;
        }
    }

    /// <summary>Gives the bucket up if it is full: then a new one is no different.</summary>
    public bool TryDrop(long now)
    {
        lock (_gate)
        {
            Advance(now);
            return _dropped |= _missing == 0;
        }
    }

    /// <summary>Callers read the clock before they get the lock, so they can come in another order.</summary>
    private void Advance(long now)
    {
        if (now > _at)
        {
            _missing = allowance.Refill(_missing, now - _at);
            _at = now;
        }
    }
}
