using System.Diagnostics;
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

    public static Problem Changed() => new(StatusCodes.Status409Conflict, "PRECONDITION_FAILED", "It was changed meanwhile.", "Somebody else changed it between reading and writing; read it again.");

    public static Problem NotResolvable(string detail) => new(StatusCodes.Status409Conflict, "COMPOSITION_ERROR", "The composition cannot be resolved.", detail);

    public static Problem TooLarge(long limit) => new(StatusCodes.Status413PayloadTooLarge, "PAYLOAD_TOO_LARGE", "The body is too large.", $"At most {limit} bytes are accepted here.");

    public static Problem UnsupportedMediaType(string accepted) =>
        new(StatusCodes.Status415UnsupportedMediaType, "VALIDATION_ERROR", "The body's media type is not supported.", $"Send {accepted}.");

    public static Problem Unavailable(string detail) => new(StatusCodes.Status503ServiceUnavailable, "UNAVAILABLE", "The service is temporarily unavailable.", detail) { RetryAfterSeconds = 2 };

    public static Problem Internal() =>
        new(StatusCodes.Status500InternalServerError, "INTERNAL_ERROR", "Something went wrong on our side.", "The trace id leads to the details in the service's logs.");

    /// <summary>For answers that routing or a middleware gave without a body.</summary>
    public static Problem ForStatus(HttpContext context)
    {
        var status = context.Response.StatusCode;
        var (code, detail) = status switch
        {
            StatusCodes.Status404NotFound => ("RESOURCE_NOT_FOUND", "There is nothing at this address."),
            StatusCodes.Status405MethodNotAllowed => ("VALIDATION_ERROR", $"The method {context.Request.Method} is not allowed here; see the Allow header."),
            StatusCodes.Status413PayloadTooLarge => ("PAYLOAD_TOO_LARGE", "The body is too large."),
            >= 500 => ("INTERNAL_ERROR", "The trace id leads to the details in the service's logs."),
            _ => ("VALIDATION_ERROR", "The request is not valid."),
        };
        return new(status, code, ReasonPhrases.GetReasonPhrase(status), detail);
    }
}

/// <summary>A problem as an answer: <c>application/problem+json</c>.</summary>
internal sealed record Problem(int Status, string ErrorCode, string Title, string Detail) : IResult, IStatusCodeHttpResult
{
    public IReadOnlyList<Finding>? Errors { get; init; }

    public IReadOnlyList<string>? Dependents { get; init; }

    public int? RetryAfterSeconds { get; init; }

    int? IStatusCodeHttpResult.StatusCode => Status;

    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = Status;
        if (RetryAfterSeconds is { } seconds)
        {
            httpContext.Response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        return httpContext.Response.WriteAsJsonAsync(
            new ProblemBody(
                $"https://capability-registry.dev/problems/{ErrorCode.ToLowerInvariant().Replace('_', '-')}",
                Title,
                Status,
                Detail,
                httpContext.Request.Path,
                Activity.Current?.TraceId.ToString() ?? httpContext.TraceIdentifier,
                ErrorCode,
                Errors,
                Dependents),
            RegistryJson.Options,
            "application/problem+json",
            httpContext.RequestAborted);
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
    IReadOnlyList<string>? Dependents);

/// <summary>Ends the handling of a request with a problem, where an answer cannot be returned: in binding.</summary>
internal sealed class ProblemException(Problem problem) : Exception(problem.Detail)
{
    public Problem Problem { get; } = problem;
}
