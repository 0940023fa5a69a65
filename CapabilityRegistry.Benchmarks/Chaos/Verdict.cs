using CapabilityRegistry.Benchmarks.Clients;
using CapabilityRegistry.Benchmarks.Processes;
using Npgsql;
using Spectre.Console;

namespace CapabilityRegistry.Benchmarks.Chaos;

/// <summary>Looks at what is left, through the API and past it.</summary>
internal sealed class Verdict(RunningSystem system, string ownerConnection, Ledger ledger, WebhookReceiver receiver)
{
    /// <summary>The families of events that webhooks are for.</summary>
    private static readonly string[] Told = ["capability.", "version.", "composition."];

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    public async Task<IReadOnlyList<Finding>> FindAsync(CancellationToken cancellationToken)
    {
        await using var database = NpgsqlDataSource.Create(ownerConnection);
        await CatchUpAsync(database, cancellationToken);
        var feed = await Feed.ReadAsync(path => system.InsistAsync(() => new(HttpMethod.Get, path), cancellationToken));
        var positions = await OneAsync(database, "SELECT array[count(*), max(position), count(DISTINCT position), count(*) FILTER (WHERE position IS NULL), (SELECT position FROM sequence_head)] FROM events", cancellationToken);
        var lags = await OneAsync(database, "SELECT coalesce(array_agg(h.position - c.position), '{}') FROM event_consumers c, sequence_head h", cancellationToken);
        var parked = await OneAsync(database, "SELECT array[count(*)] FROM parked_events", cancellationToken);
        var counts = feed.GroupBy(e => e.Key, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Count(), StringComparer.Ordinal);
        string[] lost = [.. ledger.Entries.Where(e => counts.GetValueOrDefault(e.Key) < e.Value.Acknowledged).Select(e => e.Key)];
        string[] doubled = [.. counts.Where(c => c.Key.Contains(" c", StringComparison.Ordinal) && (!ledger.Entries.TryGetValue(c.Key, out var known) || c.Value > known.Acknowledged + known.Uncertain)).Select(c => c.Key)];
        FeedEntry[] told = [.. feed.SkipWhile(e => !e.Key.StartsWith("webhook.created", StringComparison.Ordinal)).Where(e => Told.Any(t => e.Key.StartsWith(t, StringComparison.Ordinal)))];
        long[] unheard = [.. told.Select(e => e.Position).Where(p => !receiver.HasSeen(p))];
        var audit = await AuditAsync(cancellationToken);
        return
        [
            new("Every acknowledged write is in the feed", lost.Length == 0, $"{ledger.Acknowledged} acknowledged, {lost.Length} missing {Some(lost)}"),
            new("Nothing is in the feed that nobody wrote, or twice", doubled.Length == 0, $"{feed.Count} events, {doubled.Length} too many {Some(doubled)}"),
            new("The feed is in order", feed.Zip(feed.Skip(1)).All(p => p.First.Position < p.Second.Position), $"{feed.Count} positions"),
            new("No gap, no duplicate, none without a position", positions[0] == positions[1] && positions[0] == positions[2] && positions[3] == 0 && positions[4] == positions[1], $"{positions[0]} events, last {positions[1]}, {positions[2]} different, {positions[3]} without, head {positions[4]}"),
            new("Every consumer has caught up", lags.Length > 0 && lags.All(l => l == 0), $"{lags.Length} consumers, lags {string.Join(' ', lags)}"),
            new("Nothing is parked", parked[0] == 0, $"{parked[0]} parked"),
            new("Every event reached the webhook with a valid signature", told.Length > 0 && unheard.Length == 0 && receiver.Refused == 0, $"{receiver.Received} received for {told.Length} events, {unheard.Length} unheard, {receiver.Refused} badly signed"),
            new("The audit chain is whole", audit.Valid, audit.Found),
        ];
    }

    /// <summary>Nothing kills any more: what is under way must end.</summary>
    public static async Task CatchUpAsync(NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(started) < Patience)
        {
            try
            {
                var open = await OneAsync(
                    database,
                    "SELECT array[(SELECT count(*) FROM events WHERE position IS NULL), (SELECT count(*) FROM event_consumers c, sequence_head h WHERE c.position < h.position), (SELECT count(*) FROM webhook_deliveries WHERE state = 'pending')]",
                    cancellationToken);
                AnsiConsole.MarkupLineInterpolated($"Catching up: {open[0]} events without a position, {open[1]} consumers behind, {open[2]} deliveries pending");
                if (open.All(o => o == 0))
                {
                    return;
                }
            }
            catch (NpgsqlException)
            {
                // The server was the last to be killed.
            }

            await Task.Delay(TimeSpan.FromSeconds(3), cancellationToken);
        }
    }

    private async Task<(bool Valid, string Found)> AuditAsync(CancellationToken cancellationToken)
    {
        var answer = await system.InsistAsync(() => new(HttpMethod.Get, "/api/audit/verify"), cancellationToken);
        return (answer.GetProperty("valid").GetBoolean(), answer.ToString());
    }

    private static string Some(string[] keys) => keys.Length == 0 ? "" : $"({string.Join(", ", keys.Take(3))})";

    public static async Task<long[]> OneAsync(NpgsqlDataSource database, string sql, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(sql);
        return (long[])(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}
