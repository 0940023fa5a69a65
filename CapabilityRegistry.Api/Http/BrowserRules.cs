using System.ComponentModel.DataAnnotations;
using CapabilityRegistry.ServiceDefaults.Configuration;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.Extensions.Options;

namespace CapabilityRegistry.Api.Http;

/// <summary>Which web pages of other origins may call the API.</summary>
internal sealed class CorsSettings
{
    public const string SectionName = "Cors";

    /// <summary>Origins such as <c>https://portal.example.com</c>; none by default.</summary>
    public IReadOnlyList<string> Origins { get; set; } = [];

    [Range(0, 86_400)]
    public int MaxAgeSeconds { get; set; } = 600;
}

/// <summary>What browsers are told: security headers on every answer, and CORS from settings.</summary>
internal static class BrowserRules
{
    /// <summary>For the page that shows the API's documentation: it brings its own scripts and styles.</summary>
    public const string Documentation = "documentation";

    private static readonly string[] Exposed =
    [
        "ETag", "Link", "Location", "Retry-After", RequestIds.Header, "Idempotency-Replayed", "X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset", "X-RateLimit-Window",
    ];

    public static void AddBrowserRules(this IServiceCollection services)
    {
        services.AddSecurityHeaderPolicies()
            .SetDefaultPolicy(Headers("default-src 'self'"))
            .AddPolicy(Documentation, Headers("default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:"));
        services.AddRegistryOptions<CorsSettings>(CorsSettings.SectionName)
            .Validate(c => c.Origins.All(IsOrigin), $"{CorsSettings.SectionName}:{nameof(CorsSettings.Origins)} are scheme and host with nothing behind, such as https://portal.example.com.");
        services.AddCors();
        services.AddOptions<CorsOptions>().Configure<IOptions<CorsSettings>>((cors, settings) => cors.AddDefaultPolicy(policy => policy
            .WithOrigins([.. settings.Value.Origins]).AllowAnyMethod().AllowAnyHeader().WithExposedHeaders(Exposed).SetPreflightMaxAge(TimeSpan.FromSeconds(settings.Value.MaxAgeSeconds))));
    }

    /// <summary>The headers of the deployment guide. Strict-Transport-Security is sent over plain HTTP too: TLS ends at the proxy in front.</summary>
    private static HeaderPolicyCollection Headers(string contentSecurityPolicy) => new HeaderPolicyCollection()
        .AddFrameOptionsDeny()
        .AddContentTypeOptionsNoSniff()
        .AddCustomHeader("X-XSS-Protection", "1; mode=block")
        .AddCustomHeader("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
        .AddReferrerPolicyStrictOriginWhenCrossOrigin()
        .AddCustomHeader("Content-Security-Policy", contentSecurityPolicy);

    private static bool IsOrigin(string text) => Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.GetLeftPart(UriPartial.Authority) == text;
}
