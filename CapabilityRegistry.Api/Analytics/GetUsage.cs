using CapabilityRegistry.Api.Capabilities;
using CapabilityRegistry.Api.Http;
using CapabilityRegistry.Core.Manifests;
using CapabilityRegistry.Data.Model;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace CapabilityRegistry.Api.Analytics;

/// <summary>What capabilities of the tenant were used for. Hours come from what the API processes have written down, a few seconds behind; days from the worker's sums, up to an hour behind.</summary>
internal static class GetUsage
{
    public static async Task<Results<Ok<Response>, Problem>> HandleAsync([AsParameters] Query query, RegistryScope scope, CancellationToken cancellationToken)
    {
        var findings = new List<Finding>();
        if (UsagePeriod.Of(query, scope.Now, findings) is not { } period)
        {
            return Problems.Invalid(findings);
        }

        var capability = query.Capability is { } named ? await IdOfAsync(named, scope, cancellationToken) : null;
        var rows = period.IsHourly ? Hours(scope, period) : Days(scope, period);
        rows = period.Kind is { } kind ? rows.Where(r => r.Kind == kind) : rows;
        rows = query.Capability is null ? rows : rows.Where(r => r.CapabilityId == capability);
        var sums = await rows.GroupBy(r => new { r.Hour, r.Day, r.Kind }).Select(g => new Sum(g.Key.Hour, g.Key.Day, g.Key.Kind, g.Sum(r => r.Count))).ToListAsync(cancellationToken);
        var series = sums.GroupBy(s => s.At).OrderBy(g => g.Key).Select(g => Point.Of(g.Key, [.. g])).ToArray();
        var counted = period.Kind is UsageKind.Root ? rows : rows.Where(r => r.Kind != UsageKind.Root);
        var total = sums.Where(s => period.Kind is UsageKind.Root || s.Kind is not UsageKind.Root).Sum(s => s.Count);
        var top = await TopAsync(counted, period.Top, scope, cancellationToken);
        return TypedResults.Ok(new Response(period.From, period.To, period.IsHourly ? "hour" : "day", total, series, top));
    }

    private static async Task<Guid?> IdOfAsync(string capability, RegistryScope scope, CancellationToken cancellationToken) =>
        await CapabilityKey.Of(capability).In(scope.Database.Capabilities).Select(c => (Guid?)c.CapabilityId).FirstOrDefaultAsync(cancellationToken);

    private static IQueryable<Row> Hours(RegistryScope scope, UsagePeriod period) => scope.Database.UsageHours.Where(u => u.Hour >= period.From && u.Hour < period.To)
        .Select(u => new Row { CapabilityId = u.CapabilityId, Kind = u.Kind, Hour = u.Hour, Day = null, Count = u.Count });

    private static IQueryable<Row> Days(RegistryScope scope, UsagePeriod period)
    {
        var (from, to) = (DateOnly.FromDateTime(period.From.UtcDateTime), DateOnly.FromDateTime(period.To.UtcDateTime));
        return scope.Database.UsageDays.Where(u => u.Day >= from && u.Day < to).Select(u => new Row { CapabilityId = u.CapabilityId, Kind = u.Kind, Hour = null, Day = u.Day, Count = u.Count });
    }

    private static async Task<IReadOnlyList<Top>> TopAsync(IQueryable<Row> rows, int most, RegistryScope scope, CancellationToken cancellationToken) =>
        await rows.GroupBy(r => r.CapabilityId).Select(g => new { CapabilityId = g.Key, Count = g.Sum(r => r.Count) })
            .Join(scope.Database.Capabilities.Where(c => c.DeletedAt == null), u => u.CapabilityId, c => c.CapabilityId, (u, c) => new { c.CapabilityId, c.CapabilityCode, u.Count })
            .OrderByDescending(u => u.Count).ThenBy(u => u.CapabilityCode).Take(most)
            .Select(u => new Top(u.CapabilityId, u.CapabilityCode, u.Count)).ToListAsync(cancellationToken);

    /// <summary>Which uses to sum up, and how.</summary>
    internal sealed record Query(
        [property: FromQuery(Name = "from")] DateTimeOffset? From,
        [property: FromQuery(Name = "to")] DateTimeOffset? To,
        [property: FromQuery(Name = "granularity")] string? Granularity,
        [property: FromQuery(Name = "kind")] string? Kind,
        [property: FromQuery(Name = "capability")] string? Capability,
        [property: FromQuery(Name = "top")] int? Top);

    /// <summary>The uses of a period.</summary>
    /// <param name="From">The beginning, rounded down to the granularity.</param>
    /// <param name="To">The end, rounded up to the granularity; not part of it.</param>
    /// <param name="Granularity">hour or day.</param>
    /// <param name="Total">All uses. Being asked for by name in a resolution is a part of that and counts only when it is asked for as <c>kind=root</c>.</param>
    /// <param name="Series">What was used when; hours or days without a use are left out.</param>
    /// <param name="Top">The capabilities with the most uses.</param>
    internal sealed record Response(DateTimeOffset From, DateTimeOffset To, string Granularity, long Total, IReadOnlyList<Point> Series, IReadOnlyList<Top> Top);

    /// <summary>The uses of one hour or day.</summary>
    internal sealed record Point(DateTimeOffset At, long View, long Resolution, long Root, long Lock)
    {
        public static Point Of(DateTimeOffset at, IReadOnlyCollection<Sum> sums)
        {
            long Of(UsageKind kind) => sums.Where(s => s.Kind == kind).Sum(s => s.Count);
            return new(at, Of(UsageKind.View), Of(UsageKind.Resolution), Of(UsageKind.Root), Of(UsageKind.Lock));
        }
    }

    internal sealed record Top(Guid CapabilityId, string CapabilityCode, long Count);

    internal sealed record Sum(DateTimeOffset? Hour, DateOnly? Day, UsageKind Kind, long Count)
    {
        public DateTimeOffset At => Hour ?? new(Day!.Value, TimeOnly.MinValue, TimeSpan.Zero);
    }

    /// <summary>A row of either table.</summary>
    private sealed class Row
    {
        public Guid CapabilityId { get; init; }

        public UsageKind Kind { get; init; }

        public DateTimeOffset? Hour { get; init; }

        public DateOnly? Day { get; init; }

        public long Count { get; init; }
    }
}
