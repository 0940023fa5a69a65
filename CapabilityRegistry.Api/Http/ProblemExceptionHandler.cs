using System.Net.Sockets;
using Microsoft.AspNetCore.Diagnostics;
using Npgsql;

namespace CapabilityRegistry.Api.Http;

/// <summary>Handles, once, what handlers do not: refusals while binding, outages of the database, bugs.</summary>
internal sealed partial class ProblemExceptionHandler(ILogger<ProblemExceptionHandler> logger) : IExceptionHandler
{
    /// <summary>Brotli alone says that bytes are not its own with an exception that means something else everywhere else.</summary>
    private const string BrotliAssembly = "System.IO.Compression.Brotli";

    /// <summary>Whether an exception is the caller's doing or an outage, which is logged here in one line, not as a crash.</summary>
    public static bool IsExpected(Exception exception) => exception is ProblemException or BadHttpRequestException or InvalidDataException or InvalidOperationException { Source: BrotliAssembly } or OperationCanceledException || IsOutage(exception);

    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (httpContext.RequestAborted.IsCancellationRequested)
        {
            httpContext.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
            return true;
        }

        await ProblemOf(httpContext, exception).ExecuteAsync(httpContext);
        return true;
    }

    /// <summary>Whether the database cannot be reached or cannot serve now.</summary>
    public static bool IsOutage(Exception exception) => exception switch
    {
        PostgresException postgres => postgres.IsTransient || postgres.SqlState.StartsWith("57P", StringComparison.Ordinal) || postgres.SqlState.StartsWith("53", StringComparison.Ordinal),
        NpgsqlException or SocketException or TimeoutException => true,
        { InnerException: { } inner } => IsOutage(inner),
        _ => false,
    };

    private Problem ProblemOf(HttpContext http, Exception exception)
    {
        switch (exception)
        {
            case ProblemException refused:
                return refused.Problem;
            case BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge }:
                return Problems.TooLarge(JsonBodyLimits.Bytes);
            case BadHttpRequestException when QueryValues.FindingsOf(http) is { Count: > 0 } findings:
                return Problems.Invalid(findings);
            case BadHttpRequestException bad:
                return Problems.Invalid("", "invalid_request", bad.InnerException is FormatException format ? format.Message : bad.Message);
            case InvalidDataException or InvalidOperationException { Source: BrotliAssembly }:
                return Problems.Invalid("", "invalid_encoding", "The body is not what its Content-Encoding says.");
            case not null when IsOutage(exception):
                Log.DatabaseUnavailable(logger, exception.GetBaseException().Message);
                return Problems.Unavailable("The database does not answer; try again shortly.");
            default:
                return Problems.Internal();
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The database is unavailable: {Reason}")]
        public static partial void DatabaseUnavailable(ILogger logger, string reason);
    }
}
