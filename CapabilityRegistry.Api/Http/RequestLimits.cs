using System.ComponentModel.DataAnnotations;
using CapabilityRegistry.ServiceDefaults.Configuration;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.Extensions.Options;

namespace CapabilityRegistry.Api.Http;

/// <summary>How long a request may take.</summary>
internal sealed class RequestOptions
{
    public const string SectionName = "Requests";

    [Range(1, 3600)]
    public int TimeoutSeconds { get; set; } = 30;
}

internal static class RequestLimits
{
    /// <summary>Ends requests at the time limit, streams excepted, and takes back what they wrote.</summary>
    public static void AddRequestLimits(this IServiceCollection services)
    {
        services.AddRegistryOptions<RequestOptions>(RequestOptions.SectionName);
        services.AddRequestTimeouts();
        services.AddOptions<RequestTimeoutOptions>().Configure<IOptions<RequestOptions>>((timeouts, options) => timeouts.DefaultPolicy = new()
        {
            Timeout = TimeSpan.FromSeconds(options.Value.TimeoutSeconds),
            TimeoutStatusCode = StatusCodes.Status503ServiceUnavailable,
            WriteTimeoutResponse = WriteAnswerAsync,
        });
    }

    /// <summary>The request's token is the one that ended it; an answer that heeded it would be cut short.</summary>
    private static Task WriteAnswerAsync(HttpContext context)
    {
        context.RequestAborted = CancellationToken.None;
        return Problems.TimedOut().ExecuteAsync(context);
    }
}
