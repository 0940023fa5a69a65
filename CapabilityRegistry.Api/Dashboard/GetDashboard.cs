using CapabilityRegistry.Api.Health;
using CapabilityRegistry.Api.Http;
using CapabilityRegistry.Data;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace CapabilityRegistry.Api.Dashboard;

internal static class GetDashboard
{
    private const int MostActivities = 10;

    public static async Task<Ok<Response>> HandleAsync(RegistryScope scope, CancellationToken cancellationToken)
    {
        var database = scope.Database;
        var activity = await RecentAsync(database, cancellationToken);
        return TypedResults.Ok(new Response(
            HealthFindings.Version,
            scope.Now,
            await CapabilitiesAsync(database, cancellationToken),
            await VersionsAsync(database, cancellationToken),
            await CompositionsAsync(database, cancellationToken),
            activity is [var last, ..] ? last.Position : 0,
            activity));
    }

    private static async Task<CapabilityNumbers> CapabilitiesAsync(RegistryDbContext database, CancellationToken cancellationToken)
    {
        var groups = await database.Capabilities.AsNoTracking().Where(c => c.DeletedAt == null)
            .GroupBy(c => new { c.Status, c.Category }).Select(g => new { g.Key.Status, g.Key.Category, Count = g.LongCount() }).ToListAsync(cancellationToken);
        return new(groups.Sum(g => g.Count), Sum(groups.Select(g => (g.Status, g.Count))), Sum(groups.Select(g => (g.Category, g.Count))));
    }

    /// <summary>Those of deleted capabilities do not count.</summary>
    private static async Task<VersionNumbers> VersionsAsync(RegistryDbContext database, CancellationToken cancellationToken)
    {
        var groups = await database.CapabilityVersions.AsNoTracking().Where(v => database.Capabilities.Any(c => c.CapabilityId == v.CapabilityId && c.DeletedAt == null))
            .GroupBy(v => v.Lifecycle).Select(g => new { Lifecycle = g.Key, Count = g.LongCount() }).ToListAsync(cancellationToken);
        return new(groups.Sum(g => g.Count), Sum(groups.Select(g => (g.Lifecycle.ToString().ToLowerInvariant(), g.Count))));
    }

    private static async Task<CompositionNumbers> CompositionsAsync(RegistryDbContext database, CancellationToken cancellationToken)
    {
        var groups = await database.Compositions.AsNoTracking().GroupBy(c => c.CompositionType).Select(g => new { Type = g.Key, Count = g.LongCount() }).ToListAsync(cancellationToken);
        return new(groups.Sum(g => g.Count), await database.CompositionLocks.LongCountAsync(cancellationToken), Sum(groups.Select(g => (g.Type, g.Count))));
    }

    private static Task<List<Activity>> RecentAsync(RegistryDbContext database, CancellationToken cancellationToken) => (
        from happened in database.Events.AsNoTracking()
        where happened.Position <= database.SequenceHeads.Max(h => h.Position)
        orderby happened.Position descending
        from capability in database.Capabilities.Where(c => c.CapabilityId == happened.CapabilityId).DefaultIfEmpty()
        from version in database.CapabilityVersions.Where(v => v.VersionId == happened.VersionId).DefaultIfEmpty()
        select new Activity(happened.Position!.Value, happened.EventType, happened.OccurredAt, happened.Actor, capability!.CapabilityCode, version!.Version, happened.CompositionId))
        .Take(MostActivities).ToListAsync(cancellationToken);

    private static SortedDictionary<string, long> Sum(IEnumerable<(string Key, long Count)> counts)
    {
        var sums = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var (key, count) in counts)
        {
            sums[key] = sums.GetValueOrDefault(key) + count;
        }

        return sums;
    }

    /// <summary>The tenant in numbers.</summary>
    internal sealed record Response(
        string Version,
        DateTimeOffset Timestamp,
        CapabilityNumbers Capabilities,
        VersionNumbers Versions,
        CompositionNumbers Compositions,
        long EventsHead,
        IReadOnlyList<Activity> RecentActivity);

    internal sealed record CapabilityNumbers(long Total, IReadOnlyDictionary<string, long> ByStatus, IReadOnlyDictionary<string, long> ByCategory);

    internal sealed record VersionNumbers(long Total, IReadOnlyDictionary<string, long> ByLifecycle);

    internal sealed record CompositionNumbers(long Total, long Locked, IReadOnlyDictionary<string, long> ByType);

    /// <summary>An event of the tenant, newest first.</summary>
    internal sealed record Activity(long Position, string EventType, DateTimeOffset OccurredAt, string Actor, string? CapabilityCode, string? Version, Guid? CompositionId);
}
