using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace CapabilityRegistry.Api.Limits;

/// <summary>Rate limiting as the rest of the API sees it (docs/adr/0007).</summary>
internal static class RateLimits
{
    public static void AddRateLimits(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptionsWithValidateOnStart<RateLimitOptions>().BindConfiguration(RateLimitOptions.SectionName).ValidateDataAnnotations();
        builder.Services.AddSingleton(services => new Allowance(services.GetRequiredService<IOptions<RateLimitOptions>>().Value));
        builder.Services.AddSingleton<RateLimitMetrics>();
        builder.Services.AddSingleton<LocalBuckets>();
        builder.Services.AddSingleton<IBuckets>(services => services.GetService<IConnectionMultiplexer>() is { } redis
            ? ActivatorUtilities.CreateInstance<SharedBuckets>(services, new RedisBuckets(redis, services.GetRequiredService<Allowance>()))
            : services.GetRequiredService<LocalBuckets>());
    }

    /// <summary>Belongs after routing and authentication, which say what and who it is, and before authorization, whose refusals count too.</summary>
    public static IApplicationBuilder UseRateLimits(this IApplicationBuilder app) =>
        app.ApplicationServices.GetRequiredService<IOptions<RateLimitOptions>>().Value.Enabled ? app.UseMiddleware<RateLimitMiddleware>() : app;

    /// <summary>Exempts endpoints.</summary>
    public static TBuilder Unlimited<TBuilder>(this TBuilder endpoints)
        where TBuilder : IEndpointConventionBuilder => endpoints.WithMetadata(new UnlimitedAttribute());
}
