using System.Diagnostics;
using CapabilityRegistry.Api.Identity;
using CapabilityRegistry.Core.Manifests;
using Microsoft.AspNetCore.WebUtilities;

namespace CapabilityRegistry.Api.Http;

/// <summary>The one place where errors are made (RFC 9457).</summary>
internal static class Problems
{
    public static Problem Invalid(IReadOnlyList<Finding> findings) =>
        new(StatusCodes.Status400BadRequest, "VALIDATION_ERROR", "The request is not valid.", findings is [var only] ? only.Message : $"{findings.Count} things are wrong with it.")
        {
            Errors = findings,
        };

    public static Problem Invalid(string pointer, string code, string message) => Invalid([new(pointer, code, message)]);

    /// <summary>Says nothing about the name asked for: what belongs to others must look like what never was.</summary>
    public static Problem NotFound(string what) => new(StatusCodes.Status404NotFound, "RESOURCE_NOT_FOUND", "Not found.", $"There is no such {what}.");

    public static Problem Duplicate(string detail) => new(StatusCodes.Status409Conflict, "DUPLICATE_RESOURCE", "It exists already.", detail);

    public static Problem Immutable(string detail) => new(StatusCodes.Status409Conflict, "DUPLICATE_RESOURCE", "A version is immutable.", detail);

    public static Problem HasDependents(IReadOnlyList<string> dependents, long count) =>
        new(StatusCodes.Status409Conflict, "DEPENDENCY_ERROR", "Others depend on it.", $"{count} capabilities depend on it; pass force=true to delete it all the same.")
        {
            Dependents = dependents,
        };

    public static Problem PreconditionFailed() =>
        new(StatusCodes.Status412PreconditionFailed, "PRECONDITION_FAILED", "It is not what you think it is.", "If-Match names another state than the present one; read it again.");

    public static Problem KeyReused() =>
        new(StatusCodes.Status422UnprocessableEntity, "VALIDATION_ERROR", "The Idempotency-Key belongs to another request.", "The key was used with another address or body; a new request needs a new key.");

    public static Problem Unauthenticated(string detail) => new(StatusCodes.Status401Unauthorized, "AUTHENTICATION_ERROR", "Authentication failed.", detail) { Challenge = "Basic realm=\"capability-registry\", charset=\"UTF-8\"" };

    public static Problem Forbidden(string detail) => new(StatusCodes.Status403Forbidden, "AUTHORIZATION_ERROR", "It is not allowed.", detail);

    public static Problem TimedOut() =>
        new(StatusCodes.Status503ServiceUnavailable, "UNAVAILABLE", "The request took too long.", "It was ended at the service's time limit, and nothing of it is kept.") { RetryAfterSeconds = 2 };

    public static Problem Busy() =>
        new(StatusCodes.Status503ServiceUnavailable, "UNAVAILABLE", "An earlier attempt is not finished.", "A request with the same Idempotency-Key is still being worked on; repeat it shortly.") { RetryAfterSeconds = 2 };

    public static Problem Changed() => new(StatusCodes.Status409Conflict, "PRECONDITION_FAILED", "It was changed meanwhile.", "Somebody else changed it between reading and writing; read it again.");

    public static Problem SyncBusy() =>
        new(StatusCodes.Status503ServiceUnavailable, "UNAVAILABLE", "An earlier synchronisation is not finished.", "Another request of this client is still being worked on; repeat it shortly.") { RetryAfterSeconds = 2 };

    public static Problem Outdated(long expected, long present) =>
        new(StatusCodes.Status409Conflict, "PRECONDITION_FAILED", "It was changed meanwhile.", $"It was thought for revision {expected}; the present one is {present}.");

    public static Problem PositionNotReached(long position) =>
        new(StatusCodes.Status503ServiceUnavailable, "UNAVAILABLE", "The position is not reached yet.", $"Nothing here has seen position {position} yet; ask again, or without Registry-Min-Position.") { RetryAfterSeconds = 1 };

    /// <summary>The feed cannot go on from there.</summary>
    public static Problem PositionGone(string detail, long head) =>
        new(StatusCodes.Status410Gone, "RESOURCE_NOT_FOUND", "The feed cannot go on from there.", $"{detail} Read the snapshot and go on from its position.") { Snapshot = new(head, "/api/capabilities/export") };

    public static Problem NotAllowedNow(string detail) => new(StatusCodes.Status409Conflict, "PRECONDITION_FAILED", "The present state does not allow it.", detail);

    public static Problem NotResolvable(string detail) => new(StatusCodes.Status409Conflict, "COMPOSITION_ERROR", "The composition cannot be resolved.", detail);

    public static Problem TooLarge(long limit) => new(StatusCodes.Status413PayloadTooLarge, "PAYLOAD_TOO_LARGE", "The body is too large.", $"At most {limit} bytes are accepted here.");

    public static Problem UnsupportedMediaType(string accepted) =>
        new(StatusCodes.Status415UnsupportedMediaType, "VALIDATION_ERROR", "The body's media type is not supported.", $"Send {accepted}.");

    public static Problem RateLimited(int retryAfterSeconds) =>
        new(StatusCodes.Status429TooManyRequests, "RATE_LIMIT_ERROR", "Too many requests.", $"The next one is accepted in {retryAfterSeconds} s.") { RetryAfterSeconds = retryAfterSeconds };

    public static Problem TooManySockets() =>
        new(StatusCodes.Status429TooManyRequests, "RATE_LIMIT_ERROR", "Too many sockets are open.", "The tenant or the client has as many sockets open as it may; close one, or try again later.") { RetryAfterSeconds = 60 };

    public static Problem UpgradeRequired() =>
        new(StatusCodes.Status426UpgradeRequired, "VALIDATION_ERROR", "It is a WebSocket.", "Connect with a WebSocket client: Upgrade: websocket (RFC 6455), or an extended CONNECT of HTTP/2 (RFC 8441).");

    public static Problem Unavailable(string detail) => new(StatusCodes.Status503ServiceUnavailable, "UNAVAILABLE", "The service is temporarily unavailable.", detail) { RetryAfterSeconds = 2 };

    public static Problem Internal() =>
        new(StatusCodes.Status500InternalServerError, "INTERNAL_ERROR", "Something went wrong on our side.", "The trace id leads to the details in the service's logs.");

    /// <summary>For answers that routing or a middleware gave without a body.</summary>
    public static Problem ForStatus(HttpContext context)
    {
        var status = context.Response.StatusCode;
        var (code, detail) = status switch
        {
            StatusCodes.Status401Unauthorized => ("AUTHENTICATION_ERROR", "Send Authorization: Bearer with a valid access token; POST /api/auth/token gives one. The WWW-Authenticate header says what is wrong with the one that came."),
            StatusCodes.Status403Forbidden => ("AUTHORIZATION_ERROR", Needed(context)),
            StatusCodes.Status404NotFound => ("RESOURCE_NOT_FOUND", "There is nothing at this address."),
            StatusCodes.Status405MethodNotAllowed => ("VALIDATION_ERROR", $"The method {context.Request.Method} is not allowed here; see the Allow header."),
            StatusCodes.Status413PayloadTooLarge => ("PAYLOAD_TOO_LARGE", "The body is too large."),
            StatusCodes.Status415UnsupportedMediaType => ("VALIDATION_ERROR", "The body's media type is none that is accepted here; the OpenAPI document names those that are."),
            >= 500 => ("INTERNAL_ERROR", "The trace id leads to the details in the service's logs."),
            _ => ("VALIDATION_ERROR", "The request is not valid."),
        };
        return new(status, code, ReasonPhrases.GetReasonPhrase(status), detail);
    }

    private static string Needed(HttpContext context) => context.GetEndpoint()?.Metadata.GetMetadata<Access>() is { } access
        ? $"It needs the scope {access.Scope} and one of the roles {string.Join(", ", access.AnyOf)}."
        : "The token does not allow it.";
}

/// <summary>A problem as an answer: <c>application/problem+json</c>.</summary>
internal sealed record Problem(int Status, string ErrorCode, string Title, string Detail) : IResult, IStatusCodeHttpResult
{
    public IReadOnlyList<Finding>? Errors { get; init; }

    public IReadOnlyList<string>? Dependents { get; init; }

    /// <summary>Where to begin anew.</summary>
    public SnapshotLink? Snapshot { get; init; }

    public int? RetryAfterSeconds { get; init; }

    /// <summary>How the caller can say who it is: a 401 has to tell (RFC 9110, section 15.5.2; for the token endpoint RFC 6749, section 5.2).</summary>
    public string? Challenge { get; init; }

    /// <summary>The code of RFC 6749, section 5.2, where the caller speaks OAuth 2.0.</summary>
    public string? OAuthError { get; init; }

    int? IStatusCodeHttpResult.StatusCode => Status;

    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = Status;
        if (RetryAfterSeconds is { } seconds)
        {
            httpContext.Response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        if (Challenge is not null)
        {
            httpContext.Response.Headers.WWWAuthenticate = Challenge;
        }

        var body = new ProblemBody(
            $"https://capability-registry.dev/problems/{ErrorCode.ToLowerInvariant().Replace('_', '-')}",
            Title,
            Status,
            Detail,
            httpContext.Request.Path,
            Activity.Current?.TraceId.ToString() ?? httpContext.TraceIdentifier,
            ErrorCode,
            Errors,
            Dependents,
            Snapshot,
            OAuthError,
            OAuthError is null ? null : Detail);
        return ApgEnvelope.IsWanted(httpContext)
            ? httpContext.Response.WriteAsJsonAsync(ApgEnvelope.Around(body, httpContext), RegistryJson.Options, Representation.MediaType, httpContext.RequestAborted)
            : httpContext.Response.WriteAsJsonAsync(body, RegistryJson.Options, "application/problem+json", httpContext.RequestAborted);
    }
}

/// <summary>The members of a problem document (RFC 9457 and ours).</summary>
internal sealed record ProblemBody(
    string Type,
    string Title,
    int Status,
    string Detail,
    string Instance,
    string TraceId,
    string ErrorCode,
    IReadOnlyList<Finding>? Errors,
    IReadOnlyList<string>? Dependents,
    SnapshotLink? Snapshot = null,
    string? Error = null,
    string? ErrorDescription = null);

/// <summary>A whole state to begin with, and the position from which to follow it: what the state has beyond it comes again, and changes nothing.</summary>
internal sealed record SnapshotLink(long Position, string Href);

/// <summary>Ends the handling of a request with a problem, where an answer cannot be returned: in binding.</summary>
internal sealed class ProblemException(Problem problem) : Exception(problem.Detail)
{
    public Problem Problem { get; } = problem;
}
