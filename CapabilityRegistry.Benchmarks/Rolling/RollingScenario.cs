using CapabilityRegistry.Benchmarks.Clients;
using CapabilityRegistry.Benchmarks.Processes;
using CapabilityRegistry.Benchmarks.Proxies;

namespace CapabilityRegistry.Benchmarks.Rolling;

/// <summary>What was found.</summary>
internal sealed record RollingReport(IReadOnlyList<Restart> Restarts, Samples Samples, IReadOnlyList<Finding> Findings);

/// <summary>Two processes of the API behind a proxy, restarted one after the other as <c>deploy/</c> would have it, while clients read, write, wait and follow.</summary>
internal sealed class RollingScenario(RollingStore store, RollingPlan plan)
{
    /// <summary>How long feed and socket may take to catch up when nothing is restarted any more.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly Samples _samples = new();
    private readonly Ledger _ledger = new();

    /// <summary>Does it.</summary>
    /// <param name="startProxy">Starts the proxy in front of two ports.</param>
    /// <param name="restarted">Told of every restart when it is done.</param>
    /// <param name="cancellationToken">Ends it without a report.</param>
    public async Task<RollingReport> RunAsync(Func<int, int, Task<IProxy>> startProxy, Action<Restart, Samples> restarted, CancellationToken cancellationToken)
    {
        var programs = new Programs(store.ConnectionString, store.Folder);
        programs.Set("Shutdown__DrainSeconds", $"{plan.DrainSeconds}");
        await programs.MigrateAsync(store.OwnerConnectionString, cancellationToken);
        await using var first = new Replica(programs, "api-1");
        await using var second = new Replica(programs, "api-2");
        await first.StartAsync(cancellationToken);
        await second.StartAsync(cancellationToken);
        using var worker = programs.Start(Programs.Worker, Programs.Worker, new("http://127.0.0.1:0"));
        try
        {
            await using var proxy = await startProxy(first.Port, second.Port);
            return await RunAsync([first, second], proxy, restarted, cancellationToken);
        }
        finally
        {
            worker.Kill();
            await worker.WaitForExitAsync(CancellationToken.None);
        }
    }

    private async Task<RollingReport> RunAsync(Replica[] replicas, IProxy proxy, Action<Restart, Samples> restarted, CancellationToken cancellationToken)
    {
        using var http = ProxyFolder.Client(proxy.HttpsPort);
        http.Timeout = TimeSpan.FromMinutes(1);
        var token = (await http.AskAsync(Programs.TokenRequest(), cancellationToken)).GetProperty("access_token").GetString()!;
        http.DefaultRequestHeaders.Authorization = new("Bearer", token);
        var traffic = new Traffic(http, _samples, _ledger, plan);
        await traffic.SeedAsync(cancellationToken);

        var follower = new Follower(proxy.HttpsPort, token, _samples);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var leave = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var (following, asking) = (follower.RunAsync(0, leave.Token), traffic.RunAsync(stop.Token));
        var restarts = await RestartAsync(replicas, restarted, cancellationToken);
        await stop.CancelAsync();
        await asking;
        var feed = await CatchUpAsync(http, follower, cancellationToken);
        await leave.CancelAsync();
        await following;
        return new(restarts, _samples, Judge(restarts, feed, follower));
    }

    /// <summary>Nothing is written any more: what is under way must arrive, in the feed and on the socket.</summary>
    private async Task<List<FeedEntry>> CatchUpAsync(HttpClient http, Follower follower, CancellationToken cancellationToken)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var feed = await Feed.ReadAsync(path => http.AskAsync(new(HttpMethod.Get, path), cancellationToken));
            var isThere = _ledger.Entries.Where(e => e.Value.Acknowledged > 0).All(e => feed.Exists(f => f.Key == e.Key)) && follower.Last >= feed[^1].Position;
            if (isThere || TimeProvider.System.GetElapsedTime(began) > Patience)
            {
                return feed;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(200), cancellationToken);
        }
    }

    private async Task<List<Restart>> RestartAsync(Replica[] replicas, Action<Restart, Samples> restarted, CancellationToken cancellationToken)
    {
        var clock = TimeProvider.System;
        var (restarts, started) = (new List<Restart>(), clock.GetTimestamp());
        await Task.Delay(TimeSpan.FromSeconds(1), cancellationToken);
        while (restarts.Count < plan.Restarts && clock.GetElapsedTime(started) < plan.Duration)
        {
            var replica = replicas[restarts.Count % replicas.Length];
            var began = clock.GetTimestamp();
            await replica.TerminateAsync(cancellationToken);
            var code = await replica.GoneAsync(cancellationToken);
            var gone = clock.GetTimestamp();
            await replica.StartAsync(cancellationToken);
            restarts.Add(new(replica.Name, began, gone, clock.GetTimestamp(), code));
            restarted(restarts[^1], _samples);
        }

        return restarts;
    }

    private List<Finding> Judge(List<Restart> restarts, List<FeedEntry> feed, Follower follower)
    {
        var counts = feed.CountBy(e => e.Key, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);
        string[] wrong = [.. _ledger.Entries.Where(e => e.Value.Acknowledged > 0 && counts.GetValueOrDefault(e.Key) != e.Value.Acknowledged).Select(e => e.Key)];
        long[] expected = [.. feed.Select(e => e.Position)];
        var missing = expected.Except(follower.Positions).Count();
        return
        [
            new("No request fails", _samples.Failures.Count == 0, $"{_samples.All.Count} requests, {_samples.Failures.Count} failed {string.Join(" | ", _samples.Failures.CountBy(f => $"{f.Kind}: {f.Failure}", StringComparer.Ordinal).Take(10).Select(f => $"{f.Value} times {f.Key}"))}"),
            new("Every acknowledged write is there once", wrong.Length == 0 && _ledger.Acknowledged > 0, $"{_ledger.Acknowledged} acknowledged, {wrong.Length} not there or there twice {string.Join(", ", wrong.Take(3))}"),
            new("The socket loses no event and has none twice", follower.Positions.SequenceEqual(expected), $"{expected.Length} events, {follower.Positions.Count} received, {missing} missing"),
            new("Sockets of a process that stops are closed with 1001", follower.Closes.Keys.All(code => code is 1000 or 1001), string.Join(", ", follower.Closes.Select(c => $"{c.Value} with {c.Key}"))),
            new("Every process ends by itself", restarts.Count > 0 && restarts.All(r => r.ExitCode == 0), $"{restarts.Count} restarts, exit codes {string.Join(' ', restarts.Select(r => r.ExitCode).Distinct())}"),
        ];
    }
}
