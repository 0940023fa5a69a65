using System.Globalization;
using CapabilityRegistry.Benchmarks.Chaos;
using CapabilityRegistry.Benchmarks.Clients;
using CapabilityRegistry.Benchmarks.Processes;
using CapabilityRegistry.Benchmarks.Proxies;
using CapabilityRegistry.Standalone.Postgres;
using Npgsql;

namespace CapabilityRegistry.Benchmarks.Soak;

/// <summary>What was found.</summary>
/// <param name="Capacity">Requests a second with every lane busy.</param>
/// <param name="Samples">The requests of the soak itself.</param>
/// <param name="Weights">What each process had, in the order of time.</param>
/// <param name="Findings">What must hold.</param>
internal sealed record SoakReport(double Capacity, Samples Samples, IReadOnlyDictionary<string, List<Weight>> Weights, IReadOnlyList<Finding> Findings);

/// <summary>Two processes of the API behind the committed NGINX, and the worker, under a steady load for long.</summary>
internal sealed class SoakScenario(EmbeddedPostgres server, string folder, SoakPlan plan, Action<string> tell)
{
    /// <summary>How much heavier a process may be at the end: noise of the collector, not growth.</summary>
    private const double Tolerance = 1.1;

    private readonly Ledger _ledger = new();

    public async Task<SoakReport> RunAsync(CancellationToken cancellationToken)
    {
        var programs = new Programs(server.ConnectionString, folder);
        await programs.MigrateAsync(server.OwnerConnectionString, cancellationToken);
        await using var first = new Replica(programs, "api-1");
        await using var second = new Replica(programs, "api-2");
        await first.StartAsync(cancellationToken);
        await second.StartAsync(cancellationToken);
        var workerMetrics = LoopbackPort.PickFree();
        using var worker = programs.Start(Programs.Worker, Programs.Worker, new("http://127.0.0.1:0"), metricsPort: workerMetrics);
        try
        {
            await using var nginx = await Nginx.StartAsync(ProxyFolder.PathOf("nginx"), first.Port, second.Port);
            using var watch = new Watch([new(first.Name, first.ProcessId, first.MetricsPort), new(second.Name, second.ProcessId, second.MetricsPort), new(Programs.Worker, worker.Id, workerMetrics)]);
            return await RunAsync(nginx, watch, [.. new[] { first.Name, second.Name, Programs.Worker }.Select(programs.LogOf)], cancellationToken);
        }
        finally
        {
            worker.Kill();
            await worker.WaitForExitAsync(CancellationToken.None);
        }
    }

    private async Task<SoakReport> RunAsync(Nginx nginx, Watch watch, IReadOnlyList<string> logs, CancellationToken cancellationToken)
    {
        using var http = ProxyFolder.Client(nginx.HttpsPort);
        http.Timeout = TimeSpan.FromMinutes(1);
        var token = (await http.AskAsync(Programs.TokenRequest(), cancellationToken)).GetProperty("access_token").GetString()!;
        http.DefaultRequestHeaders.Authorization = new("Bearer", token);
        await new Mix(http, new(), _ledger, SoakPlan.Seeds).SeedAsync(cancellationToken);
        var before = (await Feed.ReadAsync(path => http.AskAsync(new(HttpMethod.Get, path), cancellationToken)))[^1].Position;

        var (measured, samples, socket) = (new Samples(), new Samples(), new Samples());
        Mix.Lane[] lanes = [.. Enumerable.Range(0, plan.Lanes).Select(new Mix(http, measured, _ledger, SoakPlan.Seeds).Open)];
        tell($"Warming up for {plan.Warming.TotalSeconds:f0} s and measuring the capacity for {plan.Measuring.TotalSeconds:f0} s ...");
        await SaturateAsync(lanes, plan.Warming, cancellationToken);
        var warm = measured.All.Count;
        await SaturateAsync(lanes, plan.Measuring, cancellationToken);
        var capacity = (measured.All.Count - warm) / plan.Measuring.TotalSeconds;

        // The lanes of the capacity have lives that are not over; those of the soak write others.
        tell(string.Create(CultureInfo.InvariantCulture, $"Capacity: {capacity:f0} requests/s with {plan.Lanes} under way. Now {plan.Share * capacity:f0} a second for {plan.Duration.TotalMinutes:f0} minutes."));
        var mix = new Mix(http, samples, _ledger, SoakPlan.Seeds);
        lanes = [.. Enumerable.Range(0, plan.Lanes).Select(i => mix.Open(1_000 + i))];
        var follower = new Follower(nginx.HttpsPort, token, socket);
        using var leave = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var (following, watching, telling) = (follower.RunAsync(before, leave.Token), watch.RunAsync(stop.Token), TellAsync(samples, watch, stop.Token));
        var (asking, early) = (PaceAsync(lanes, plan.Share * capacity, cancellationToken), CollectAfterAsync(plan.Duration / 5, watch, cancellationToken));
        await asking;
        await stop.CancelAsync();
        await Task.WhenAll(watching, telling);
        var late = await watch.CollectAsync(cancellationToken);

        await using var database = NpgsqlDataSource.Create(server.OwnerConnectionString);
        await Verdict.CatchUpAsync(database, cancellationToken);
        var feed = (await Feed.ReadAsync(path => http.AskAsync(new(HttpMethod.Get, path), cancellationToken))).Where(e => e.Position > before).ToList();
        await WaitAsync(() => follower.Last >= feed[^1].Position, cancellationToken);
        await leave.CancelAsync();
        await following;
        var audit = await http.AskAsync(new(HttpMethod.Get, "/api/audit/verify"), cancellationToken);
        return new(capacity, samples, watch.Weights, [.. JudgeRequests(measured, samples, socket, capacity), .. JudgeFeed(feed, follower), .. JudgeWeights(watch), .. JudgeLife(await early, late), new("The audit chain is whole", audit.GetProperty("valid").GetBoolean(), $"{audit}"), JudgeLogs(logs)]);
    }

    private static Task SaturateAsync(Mix.Lane[] lanes, TimeSpan duration, CancellationToken cancellationToken)
    {
        var began = TimeProvider.System.GetTimestamp();
        return Task.WhenAll(lanes.Select(async lane =>
        {
            while (TimeProvider.System.GetElapsedTime(began) < duration)
            {
                cancellationToken.ThrowIfCancellationRequested();
                await lane.AskAsync(TimeProvider.System.GetTimestamp());
            }
        }));
    }

    /// <summary>Asks at a pace. A request that comes late because every lane is busy has the time that it waited counted.</summary>
    private Task PaceAsync(Mix.Lane[] lanes, double rate, CancellationToken cancellationToken)
    {
        var clock = TimeProvider.System;
        var (began, total, next) = (clock.GetTimestamp(), (long)(rate * plan.Duration.TotalSeconds), 0L);
        return Task.WhenAll(lanes.Select(async lane =>
        {
            for (var i = Interlocked.Increment(ref next) - 1; i < total; i = Interlocked.Increment(ref next) - 1)
            {
                var due = began + (long)(i / rate * clock.TimestampFrequency);
                if (clock.GetElapsedTime(clock.GetTimestamp(), due) is { Ticks: > 0 } early)
                {
                    await Task.Delay(early, clock, cancellationToken);
                }

                await lane.AskAsync(due);
            }
        }));
    }

    private async Task TellAsync(Samples samples, Watch watch, CancellationToken stop)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMinutes(1));
        var (began, last) = (TimeProvider.System.GetTimestamp(), TimeProvider.System.GetTimestamp());
        try
        {
            while (await timer.WaitForNextTickAsync(stop))
            {
                var now = TimeProvider.System.GetTimestamp();
                var during = samples.All.Where(s => s.Began >= last).ToList();
                tell(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{TimeProvider.System.GetElapsedTime(began, now).TotalMinutes:f0} of {plan.Duration.TotalMinutes:f0} min: {during.Count} requests, {during.Count(s => s.Failure is not null)} failed, p50 {Samples.At(0.5, during).TotalMilliseconds:f1} ms, p99 {Samples.At(0.99, during).TotalMilliseconds:f1} ms; {string.Join("; ", watch.Weights.Where(w => w.Value.Count > 0).Select(w => $"{w.Key} {w.Value[^1].Resident / 1e6:f0} MB, {w.Value[^1].Live / 1e6:f0} live, {w.Value[^1].Threads} threads, {w.Value[^1].Handles} handles"))}"));
                last = now;
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The time is up.
        }
    }

    private IEnumerable<Finding> JudgeRequests(Samples measured, Samples samples, Samples socket, double capacity)
    {
        Sample[] failed = [.. measured.Failures, .. samples.Failures, .. socket.Failures];
        yield return new("No request fails", failed.Length == 0, $"{measured.All.Count} before and {samples.All.Count} during the soak, {failed.Length} failed {string.Join(" | ", failed.CountBy(f => $"{f.Kind}: {f.Failure}", StringComparer.Ordinal).Take(10).Select(f => $"{f.Value} times {f.Key}"))}");
        var (expected, rate) = (plan.Share * capacity, samples.All.Count / plan.Duration.TotalSeconds);
        yield return new("The pace is kept", rate > 0.99 * expected, string.Create(CultureInfo.InvariantCulture, $"{rate:f1} of {expected:f1} requests/s"));
    }

    private IEnumerable<Finding> JudgeFeed(List<FeedEntry> feed, Follower follower)
    {
        var counts = feed.CountBy(e => e.Key, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);
        string[] wrong = [.. _ledger.Entries.Where(e => e.Value.Acknowledged > 0 && counts.GetValueOrDefault(e.Key) != e.Value.Acknowledged).Select(e => e.Key)];
        yield return new("Every acknowledged write is there once", wrong.Length == 0 && _ledger.Acknowledged > 0, $"{_ledger.Acknowledged} acknowledged, {wrong.Length} not there or there twice {string.Join(", ", wrong.Take(3))}");
        yield return new("The feed has no gap", feed[^1].Position - feed[0].Position + 1 == feed.Count, $"{feed.Count} events, from {feed[0].Position} to {feed[^1].Position}");
        yield return new("The socket loses no event and has none twice", follower.Positions.SequenceEqual(feed.Select(e => e.Position)), $"{feed.Count} events, {follower.Positions.Count} received, sockets ended {follower.Closes.Values.Sum()}");
    }

    /// <summary>The second fifth of the time beside the last: the first is for what is filled and compiled once.</summary>
    private static IEnumerable<Finding> JudgeWeights(Watch watch)
    {
        foreach (var (name, weights) in watch.Weights)
        {
            var fifth = weights.Count / 5;
            if (fifth == 0)
            {
                yield return new($"{name} is as heavy at the end", false, "too short a time to tell");
                continue;
            }

            var (early, late) = (weights[fifth..(2 * fifth)], weights[^fifth..]);
            yield return Compare($"{name} has no more resident MB at the end", Median(early.Select(w => w.Resident / 1e6)), Median(late.Select(w => w.Resident / 1e6)), 0);
            yield return Compare($"{name} has no more threads at the end", Median(early.Select(w => (double)w.Threads)), Median(late.Select(w => (double)w.Threads)), 4);
            yield return Compare($"{name} has no more handles at the end", Median(early.Select(w => (double)w.Handles)), Median(late.Select(w => (double)w.Handles)), 4);
        }
    }

    /// <summary>What is alive after everything dead was collected: between two such collections the heap grows, and that says nothing.</summary>
    private static IEnumerable<Finding> JudgeLife(IReadOnlyDictionary<string, Weight> early, IReadOnlyDictionary<string, Weight> late) =>
        early.Select(e => Compare($"{e.Key} has no more MB alive at the end", e.Value.Live / 1e6, late[e.Key].Live / 1e6, 2));

    private static async Task<IReadOnlyDictionary<string, Weight>> CollectAfterAsync(TimeSpan time, Watch watch, CancellationToken cancellationToken)
    {
        await Task.Delay(time, cancellationToken);
        return await watch.CollectAsync(cancellationToken);
    }

    private static Finding Compare(string what, double before, double after, double spare) =>
        new(what, after <= (Tolerance * before) + spare, string.Create(CultureInfo.InvariantCulture, $"{before:f1} early, {after:f1} at the end"));

    private static Finding JudgeLogs(IReadOnlyList<string> logs)
    {
        string[] lines = [.. logs.Where(File.Exists).SelectMany(File.ReadLines).Where(line => line.Contains("\"levelname\":\"ERROR\"", StringComparison.Ordinal) || line.Contains("\"levelname\":\"CRITICAL\"", StringComparison.Ordinal))];
        return new("No process logs an error", lines.Length == 0, $"{lines.Length} errors {string.Join(" | ", lines.Take(3))}");
    }

    private static double Median(IEnumerable<double> values) => values.Order().ToArray() is { Length: > 0 } ordered ? ordered[ordered.Length / 2] : 0;

    private static async Task WaitAsync(Func<bool> isThere, CancellationToken cancellationToken)
    {
        for (var look = 0; look < 300 && !isThere(); look++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(200), cancellationToken);
        }
    }
}
