namespace CapabilityRegistry.Api.Events;

/// <summary>Waits for news of a tenant, for a while, and no longer than the process lives.</summary>
internal sealed class EventNews(TenantSignals signals, IHostApplicationLifetime lifetime)
{
    /// <summary>Ends when there are news. Ask for it before looking.</summary>
    public Task NextAsync(string tenantId) => signals.NextAsync(tenantId);

    /// <summary>Begins to wait.</summary>
    /// <param name="time">How long in all.</param>
    /// <param name="cancellationToken">The request's.</param>
    public Wait Waiting(TimeSpan time, CancellationToken cancellationToken) => new(time, lifetime.ApplicationStopping, cancellationToken);

    /// <summary>A wait that has begun.</summary>
    internal sealed class Wait : IDisposable
    {
        private readonly CancellationTokenSource _limit;
        private readonly CancellationToken _request;

        public Wait(TimeSpan time, CancellationToken stopping, CancellationToken request)
        {
            (_limit, _request) = (CancellationTokenSource.CreateLinkedTokenSource(stopping, request), request);
            _limit.CancelAfter(time);
        }

        /// <summary>Whether the news came in time.</summary>
        /// <exception cref="OperationCanceledException">The request was ended.</exception>
        public async Task<bool> ForAsync(Task news)
        {
            try
            {
                await news.WaitAsync(_limit.Token);
                return true;
            }
            catch (OperationCanceledException) when (!_request.IsCancellationRequested)
            {
                return false;
            }
        }

        public void Dispose() => _limit.Dispose();
    }
}
