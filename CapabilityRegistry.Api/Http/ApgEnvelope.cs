using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using CapabilityRegistry.Core.Manifests;

namespace CapabilityRegistry.Api.Http;

/// <summary>The envelope of APG 1.0, which clients of the system that this one replaces ask for with <c>X-API-Version: 1.0</c>: around single resources and errors; lists and
/// streams stay as they are.</summary>
internal sealed class ApgEnvelope : IEndpointFilter
{
    public const string Header = "X-API-Version";
    public const string Version = "1.0";

    /// <summary>Whether the request asks for it.</summary>
    public static bool IsWanted(HttpContext http) => http.Request.Headers.TryGetValue(Header, out var version) && version == Version;

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        if (!http.Request.Headers.TryGetValue(Header, out var version))
        {
            return await next(context);
        }

        if (version != Version)
        {
            return Problems.Invalid("", "unknown_api_version", $"{Header} is {Version}, or left away for plain answers.");
        }

        var result = EntityTagFilter.Results.Innermost(await next(context));
        return result switch
        {
            Problem or IValueHttpResult { Value: IPage } => result,
            Representation { IsList: false, Json.Length: > 0 } representation => new Enveloped(representation.Status, JsonNode.Parse(representation.Json.Span), representation),
            IValueHttpResult { Value: { } value } and IStatusCodeHttpResult status =>
                new Enveloped(status.StatusCode ?? StatusCodes.Status200OK, JsonSerializer.SerializeToNode(value, value.GetType(), RegistryJson.Options), null),
            _ => result,
        };
    }

    /// <summary>The envelope of an error.</summary>
    public static JsonObject Around(ProblemBody problem, HttpContext http) => Envelope(
        http, problem.Title, null, JsonSerializer.SerializeToNode(problem.Errors ?? [new("", problem.ErrorCode.ToLowerInvariant(), problem.Detail)], RegistryJson.Options), problem.ErrorCode);

    private static JsonObject Envelope(HttpContext http, string message, JsonNode? data, JsonNode? errors, string? errorCode)
    {
        var clock = http.RequestServices.GetRequiredService<TimeProvider>();
        var meta = new JsonObject
        {
            ["request_id"] = http.TraceIdentifier,
            ["processing_time_ms"] = Math.Round(Stopwatch.GetElapsedTime(RequestIds.StartOf(http)).TotalMilliseconds, 3),
        };
        if (errorCode is not null)
        {
            meta["error_code"] = errorCode;
        }

        return new()
        {
            ["success"] = errorCode is null,
            ["message"] = message,
            ["data"] = data,
            ["errors"] = errors ?? new JsonArray(),
            ["meta"] = meta,
            ["timestamp"] = clock.GetUtcNow(),
        };
    }

    /// <summary>An answer in its envelope. What is inside is told apart by the same tag, weakly: the envelope itself is never twice the same.</summary>
    private sealed class Enveloped(int status, JsonNode? data, Representation? inside) : IResult, IStatusCodeHttpResult
    {
        int? IStatusCodeHttpResult.StatusCode => status;

        public Task ExecuteAsync(HttpContext httpContext)
        {
            var response = httpContext.Response;
            if (inside is not null)
            {
                inside.AddHeaders(response.Headers);
                response.Headers.ETag = $"W/{inside.Tag}";
                if (httpContext.Request.IsRead() && Preconditions.IsNotModified(httpContext.Request, inside.Tag))
                {
                    response.StatusCode = StatusCodes.Status304NotModified;
                    return Task.CompletedTask;
                }
            }

            response.StatusCode = status;
            return response.WriteAsJsonAsync(Envelope(httpContext, "OK", data, null, null), RegistryJson.Options, Representation.MediaType, httpContext.RequestAborted);
        }
    }
}
