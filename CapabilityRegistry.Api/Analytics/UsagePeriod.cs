using CapabilityRegistry.Core.Manifests;
using CapabilityRegistry.Data.Model;

namespace CapabilityRegistry.Api.Analytics;

/// <summary>The period that a question about usage is about, with bounds that keep the answer small.</summary>
internal sealed record UsagePeriod(DateTimeOffset From, DateTimeOffset To, bool IsHourly, UsageKind? Kind, int Top)
{
    private const int MostHours = 31 * 24;
    private const int MostDays = 731;
    private const int DefaultHours = 7 * 24;
    private const int DefaultDays = 30;
    private const int MostTop = 100;
    private const int DefaultTop = 10;

    /// <summary>Reads the question.</summary>
    /// <returns>Null with what is wrong in <paramref name="findings"/>.</returns>
    public static UsagePeriod? Of(GetUsage.Query query, DateTimeOffset now, List<Finding> findings)
    {
        var isHourly = query.Granularity is "hour";
        Check(findings, query.Granularity is not (null or "hour" or "day"), "granularity", "Must be hour or day.");
        UsageKind? kind = Words.TryTo<UsageKind>(query.Kind, out var named) ? named : null;
        Check(findings, query.Kind is not null && kind is null, "kind", $"Must be one of {string.Join(", ", Enum.GetValues<UsageKind>().Select(Words.Of))}.");
        Check(findings, query.Top is < 1 or > MostTop, "top", $"Must be from 1 to {MostTop}.");
        var step = isHourly ? TimeSpan.FromHours(1) : TimeSpan.FromDays(1);
        var to = Up(query.To ?? now, step);
        var from = query.From is { } begin ? Down(begin, step) : Before(to, step * (isHourly ? DefaultHours : DefaultDays));
        Check(findings, from >= to, "from", "Must be before the end.");
        Check(findings, to - from > step * (isHourly ? MostHours : MostDays), "from", $"The period may have at most {(isHourly ? MostHours : MostDays)} {(isHourly ? "hours" : "days")}.");
        return findings.Count > 0 ? null : new(from, to, isHourly, kind, query.Top ?? DefaultTop);
    }

    private static DateTimeOffset Down(DateTimeOffset time, TimeSpan step) => new(time.UtcTicks - (time.UtcTicks % step.Ticks), TimeSpan.Zero);

    /// <summary>Of a full hour or day itself; at the end of time, the last full one.</summary>
    private static DateTimeOffset Up(DateTimeOffset time, TimeSpan step) =>
        Down(time, step) is var down && (down.UtcTicks == time.UtcTicks || DateTimeOffset.MaxValue - down < step) ? down : down + step;

    private static DateTimeOffset Before(DateTimeOffset time, TimeSpan span) => time - DateTimeOffset.MinValue < span ? Down(DateTimeOffset.MinValue, span) : time - span;

    private static void Check(List<Finding> findings, bool isWrong, string parameter, string message)
    {
        if (isWrong)
        {
            findings.Add(new($"?{parameter}", "invalid_value", message));
        }
    }
}
