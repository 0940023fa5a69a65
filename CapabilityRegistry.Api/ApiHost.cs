using CapabilityRegistry.Api.Capabilities;
using CapabilityRegistry.Api.Compositions;
using CapabilityRegistry.Api.Health;
using CapabilityRegistry.Api.Http;
using CapabilityRegistry.Api.Resolution;
using CapabilityRegistry.Core.Manifests;
using CapabilityRegistry.ServiceDefaults;
using Scalar.AspNetCore;

namespace CapabilityRegistry.Api;

/// <summary>The HTTP half of the system, by itself or inside another host.</summary>
public static class ApiHost
{
    /// <summary>Adds the services of the API.</summary>
    public static void AddRegistryApi(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = JsonBodyLimits.DrainedBytes;
        });
        builder.Services.ConfigureHttpJsonOptions(json => RegistryJson.Configure(json.SerializerOptions));
        builder.Services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
        builder.Services.AddExceptionHandler<ProblemExceptionHandler>();
        builder.Services.AddProblemDetails();
        builder.Services.AddRequestDecompression();
        builder.Services.AddRegistryOpenApi();
        builder.Services.AddScoped<RegistryScope>();
        builder.Services.AddSingleton<BudgetedResolver>();
        builder.Services.AddHostedService<CatalogueRefresher>();
    }

    /// <summary>Maps everything that answers over HTTP.</summary>
    public static void MapRegistryApi(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        app.UseExceptionHandler(new ExceptionHandlerOptions { SuppressDiagnosticsCallback = context => context.Exception is not null && ProblemExceptionHandler.IsExpected(context.Exception) });
        app.UseStatusCodePages(context => Problems.ForStatus(context.HttpContext).ExecuteAsync(context.HttpContext));
        app.UseRequestDecompression();
        app.Use(RefuseUnknownEncodings);
        app.MapOpenApi();
        app.MapScalarApiReference("/docs");
        app.MapDefaultEndpoints();
        app.MapHealth();

        var api = app.MapGroup("/api").AddEndpointFilterFactory(KnownQueryParameters.Filter).AddEndpointFilter<TenantFilter>();
        api.MapCapabilities();
        api.MapResolution();
        api.MapCompositions();
    }

    /// <summary>Decompression takes away the header of what it understands.</summary>
    private static Task RefuseUnknownEncodings(HttpContext context, RequestDelegate next) =>
        context.Request.Headers.ContentEncoding.Count == 0 ? next(context) : Problems.UnsupportedMediaType("it with Content-Encoding gzip, br or deflate, or without").ExecuteAsync(context);
}
