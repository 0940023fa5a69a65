using System.Diagnostics;

namespace CapabilityRegistry.Api.Http;

/// <summary>Takes the caller's <c>X-Request-ID</c>, or makes one, and gives it back; logs, audit entries and envelopes carry it.</summary>
internal static class RequestIds
{
    public const string Header = "X-Request-ID";

    private const int Longest = 128;
    private static readonly object StartKey = new();

    public static IApplicationBuilder UseRequestIds(this IApplicationBuilder app)
    {
        // The host's own scope has the id that the server gave.
        var logger = app.ApplicationServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(RequestIds));
        return app.Use((context, next) => TakeAsync(context, next, logger));
    }

    private static async Task TakeAsync(HttpContext context, RequestDelegate next, ILogger logger)
    {
        var given = context.Request.Headers[Header].ToString();
        var id = IsUsable(given) ? given : Guid.CreateVersion7(context.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow()).ToString();
        context.TraceIdentifier = id;
        context.Response.OnStarting(() =>
        {
            context.Response.Headers[Header] = id;
            return Task.CompletedTask;
        });
        context.Items[StartKey] = Stopwatch.GetTimestamp();
        Activity.Current?.SetTag("registry.request_id", id);
        using var scope = logger.BeginScope(new[] { KeyValuePair.Create("RequestId", (object?)id) });
        await next(context);
    }

    /// <summary>When the request came, in the ticks of <see cref="Stopwatch"/>.</summary>
    public static long StartOf(HttpContext context) => context.Items.TryGetValue(StartKey, out var start) ? (long)start! : Stopwatch.GetTimestamp();

    /// <summary>What is too long, or could break a log line or a header, is not taken.</summary>
    private static bool IsUsable(string id) => id.Length is > 0 and <= Longest && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or ':' or '/' or '+' or '=' or '@');
}
