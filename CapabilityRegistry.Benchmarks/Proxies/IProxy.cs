namespace CapabilityRegistry.Benchmarks.Proxies;

/// <summary>A real proxy with the committed configuration, in front of servers of this machine.</summary>
internal interface IProxy : IAsyncDisposable
{
    /// <summary>Where it answers on loopback.</summary>
    int HttpsPort { get; }
}
