using System.Globalization;
using CapabilityRegistry.Api.Http;
using Microsoft.Extensions.Primitives;

namespace CapabilityRegistry.Api.Limits;

/// <summary>Lets requests pass as fast as their client may ask, refuses the others with 429, and tells every one where it stands.</summary>
internal sealed class RateLimitMiddleware(RequestDelegate next, IBuckets buckets, Allowance allowance, RateLimitMetrics metrics, TimeProvider clock)
{
    private static readonly StringValues Window = "60";

    private readonly StringValues _limit = allowance.PerMinute.ToString(CultureInfo.InvariantCulture);

    public async Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<UnlimitedAttribute>() is not null)
        {
            await next(context);
            return;
        }

        var key = BucketKey.Of(context);
        var verdict = await buckets.TakeAsync(key);
        var full = clock.GetUtcNow() + allowance.UntilFull(verdict.Missing);

        // At the last moment, because the handler of exceptions clears what is set before.
        context.Response.OnStarting(Standing.Write, new Standing(context.Response, _limit, allowance.Remaining(verdict.Missing), Seconds(full - DateTimeOffset.UnixEpoch)));
        if (verdict.Allowed)
        {
            await next(context);
            return;
        }

        metrics.Rejected(key.Owner);
        await Problems.RateLimited((int)Math.Max(1, Seconds(allowance.UntilNext(verdict.Missing)))).ExecuteAsync(context);
    }

    /// <summary>Whole seconds, upwards: who waits that long has waited long enough.</summary>
    private static long Seconds(TimeSpan time) => (time.Ticks + TimeSpan.TicksPerSecond - 1) / TimeSpan.TicksPerSecond;

    /// <summary>What an answer's headers say.</summary>
    private sealed class Standing(HttpResponse response, StringValues limit, long remaining, long reset)
    {
        public static readonly Func<object, Task> Write = standing => ((Standing)standing).WriteAsync();

        private Task WriteAsync()
        {
            var headers = response.Headers;
            headers["X-RateLimit-Limit"] = limit;
            headers["X-RateLimit-Remaining"] = remaining.ToString(CultureInfo.InvariantCulture);
            headers["X-RateLimit-Reset"] = reset.ToString(CultureInfo.InvariantCulture);
            headers["X-RateLimit-Window"] = Window;
            return Task.CompletedTask;
        }
    }
}
