namespace CapabilityRegistry.Api.Limits;

/// <summary>Where the buckets are.</summary>
internal interface IBuckets
{
    /// <summary>Takes a token from a bucket if there is one.</summary>
    ValueTask<Verdict> TakeAsync(BucketKey key);
}
