using CapabilityRegistry.Api.Capabilities;
using CapabilityRegistry.Api.Events;
using CapabilityRegistry.Data.Events;
using CapabilityRegistry.Data.Tenancy;

namespace CapabilityRegistry.Api.Analytics;

/// <summary>What this process knows of itself and of the sequence.</summary>
internal sealed class ProcessReport(RequestTimes times, CapabilityPages pages, EventTail tail, SystemDatabase database, TimeProvider clock)
{
    public async Task<PerformanceView> ReadAsync(CancellationToken cancellationToken)
    {
        var routes = times.Sum();
        await using var connection = await database.OpenAsync(cancellationToken);
        var head = await EventReader.HeadAsync(connection, cancellationToken);
        var lags = await new EventConsumers(database, clock, nameof(ProcessReport)).LagsAsync(cancellationToken);
        var (count, errors) = (routes.Sum(r => r.Summary.Count), routes.Sum(r => r.Summary.ServerErrors));
        return new(
            "this process",
            $"{Environment.MachineName}/{Environment.ProcessId}",
            times.Since,
            RouteTimes.Minutes,
            new(count, routes.Sum(r => r.Summary.ClientErrors), errors, count == 0 ? 0 : (double)errors / count),
            [.. routes.Select(r => RouteView.Of(r.Method, r.Route, r.Summary))],
            Cache(),
            new(head, tail.Position),
            [.. lags.Select(l => new ConsumerView(l.Consumer, l.Events, l.Parked))],
            ConnectionPools.Read());
    }

    private PageCacheView Cache()
    {
        var statistics = pages.Statistics;
        var (hits, looks) = (statistics.TotalHits, statistics.TotalHits + statistics.TotalMisses);
        return new(statistics.CurrentEntryCount, hits, statistics.TotalMisses, looks == 0 ? null : (double)hits / looks);
    }
}

/// <summary>How a process fares.</summary>
/// <param name="Covers">What it is about: requests, cache and connections are those of one process, of all tenants; sequence and consumers are the registry's.</param>
/// <param name="Process">Host and process id: behind a load balancer, the next answer may be another's.</param>
/// <param name="Since">When the process began to measure.</param>
/// <param name="WindowMinutes">The minutes that requests and routes are summed up over, the present one among them.</param>
/// <param name="Requests">All requests.</param>
/// <param name="Routes">By method and route, the busiest first.</param>
/// <param name="PageCache">The cache of capabilities' pages, since the process began.</param>
/// <param name="Sequence">How far the sequence is.</param>
/// <param name="Consumers">How far its consumers are behind.</param>
/// <param name="Connections">The database connections.</param>
internal sealed record PerformanceView(
    string Covers,
    string Process,
    DateTimeOffset Since,
    int WindowMinutes,
    RequestsView Requests,
    IReadOnlyList<RouteView> Routes,
    PageCacheView PageCache,
    SequenceView Sequence,
    IReadOnlyList<ConsumerView> Consumers,
    ConnectionPools Connections);

/// <summary>Error rate: the part that the server failed on.</summary>
internal sealed record RequestsView(long Count, long ClientErrors, long ServerErrors, double ErrorRate);

/// <summary>Percentiles in milliseconds, at most an eighth too large.</summary>
internal sealed record RouteView(string Method, string Route, long Count, long ClientErrors, long ServerErrors, double? P50Ms, double? P95Ms, double? P99Ms)
{
    public static RouteView Of(string method, string route, RouteSummary s) => new(method, route, s.Count, s.ClientErrors, s.ServerErrors, s.P50, s.P95, s.P99);
}

internal sealed record PageCacheView(long Pages, long Hits, long Misses, double? HitRatio);

/// <summary>The durable head, and how far this process has followed it.</summary>
internal sealed record SequenceView(long Head, long Followed);

internal sealed record ConsumerView(string Consumer, long Behind, long Parked);
