using CapabilityRegistry.Api.Analytics;
using CapabilityRegistry.Api.Audit;
using CapabilityRegistry.Api.Capabilities;
using CapabilityRegistry.Api.Clients;
using CapabilityRegistry.Api.Compositions;
using CapabilityRegistry.Api.Dashboard;
using CapabilityRegistry.Api.Events;
using CapabilityRegistry.Api.Health;
using CapabilityRegistry.Api.Http;
using CapabilityRegistry.Api.Identity;
using CapabilityRegistry.Api.Limits;
using CapabilityRegistry.Api.Mobile;
using CapabilityRegistry.Api.Notifications;
using CapabilityRegistry.Api.Resolution;
using CapabilityRegistry.Api.Sockets;
using CapabilityRegistry.Api.Tenants;
using CapabilityRegistry.Api.Usage;
using CapabilityRegistry.Api.Webhooks;
using CapabilityRegistry.Core.Manifests;
using CapabilityRegistry.Data.Identity;
using CapabilityRegistry.Data.Search.Elasticsearch;
using CapabilityRegistry.ServiceDefaults;
using CapabilityRegistry.ServiceDefaults.Configuration;
using Microsoft.Extensions.Options;
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
        builder.AddRegistryIdentity();
        builder.AddRateLimits();
        builder.Services.AddContract();
        builder.Services.AddWebhooks();
        builder.AddElasticsearch();
        builder.AddRedisCheck();
        builder.Services.AddScoped<RegistryScope>();
        builder.Services.AddSingleton<BudgetedResolver>();
        builder.Services.AddSingleton<CapabilityPages>();
        builder.Services.AddHostedService<CatalogueRefresher>();
        builder.Services.AddEvents();
        builder.Services.AddMobile();
        builder.Services.AddUsage();
        builder.Services.AddAnalytics();
        builder.Services.AddSockets();
    }

    /// <summary>Maps everything that answers over HTTP.</summary>
    public static void MapRegistryApi(this WebApplication app) => app.MapRegistryApi(static identity => identity.UseAuthentication().UseRateLimits().UseAuthorization());

    /// <summary>Maps everything, with the caller found by what is given: a benchmark does without.</summary>
    internal static void MapRegistryApi(this WebApplication app, Action<IApplicationBuilder> useIdentity)
    {
        ArgumentNullException.ThrowIfNull(app);
        app.UseContract(useIdentity);
        app.MapOpenApi().AllowAnonymous();
        app.MapScalarApiReference("/docs").WithSecurityHeadersPolicy(BrowserRules.Documentation).AllowAnonymous();
        var probes = app.MapGroup("").Unlimited().WithHead();
        probes.MapDefaultEndpoints();
        probes.MapHealth();

        var api = app.MapGroup("/api").WithContract();
        api.MapIdentity();
        api.MapCapabilities();
        api.MapResolution();
        api.MapCompositions();
        api.MapClients();
        api.MapTenants();
        api.MapAudit();
        api.MapEvents();
        api.MapWebhooks();
        api.MapMobile();
        api.MapAnalytics();
        api.MapNotifications();
        api.MapDashboard();
        api.MapSockets();
    }

    /// <summary>An access token of the first administrator, for a host that prints it to the operator in front of it; null when that one has no live secret.</summary>
    public static async Task<string?> IssueOperatorTokenAsync(this WebApplication app, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(app);
        await using var scope = app.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<TokenDesk>().IssueAsync(scope.ServiceProvider.GetRequiredService<IOptions<BootstrapOptions>>().Value, cancellationToken);
    }

    /// <summary>What the HTTP contract says of every operation.</summary>
    private static void AddContract(this IServiceCollection services)
    {
        services.ConfigureHttpJsonOptions(json => RegistryJson.Configure(json.SerializerOptions));
        services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
        services.AddExceptionHandler<ProblemExceptionHandler>();
        services.AddProblemDetails();
        services.AddRequestDecompression();
        services.AddResponseCompression(compression => compression.EnableForHttps = true);
        services.AddRequestLimits();
        services.AddProxies();
        services.AddBrowserRules();
        services.AddRegistryOpenApi();
        services.AddRegistryOptions<IdempotencyOptions>(IdempotencyOptions.SectionName);
        services.AddSingleton<IdempotentAnswers>();
        services.AddSingleton<Cursors>();
    }

    /// <summary>The order matters: who comes first sees the answers of all that follow.</summary>
    private static void UseContract(this WebApplication app, Action<IApplicationBuilder> useIdentity)
    {
        app.UseForwardedHeaders();
        app.UseRequestIds();
        app.UseSecurityHeaders();
        app.UseContentCodingTags();
        app.UseResponseCompression();
        app.UseExceptionHandler(new ExceptionHandlerOptions { SuppressDiagnosticsCallback = context => context.Exception is not null && ProblemExceptionHandler.IsExpected(context.Exception) });
        app.UseStatusCodePages(context => Problems.ForStatus(context.HttpContext).ExecuteAsync(context.HttpContext));
        app.UseRouting();
        app.UseCors();
        app.UseRequestTimeouts();
        app.UseWebSockets();
        useIdentity(app);
        app.UseRequestDecompression();
        app.Use(RefuseUnknownEncodings);
    }

    /// <summary>The filters of the contract, for every operation of the group.</summary>
    private static RouteGroupBuilder WithContract(this RouteGroupBuilder api) => api.WithHead()
        .AddEndpointFilter<ApgEnvelope>()
        .AddEndpointFilterFactory(KnownQueryParameters.Filter)
        .AddEndpointFilter<CallerFilter>()
        .AddEndpointFilter<PositionFilter>()
        .AddEndpointFilter<EntityTagFilter>()
        .AddEndpointFilter<WriteFilter>()
        .AddEndpointFilter<PageLinkFilter>();

    /// <summary>Decompression takes away the header of what it understands.</summary>
    private static Task RefuseUnknownEncodings(HttpContext context, RequestDelegate next) =>
        context.Request.Headers.ContentEncoding.Count == 0 ? next(context) : Problems.UnsupportedMediaType("it with Content-Encoding gzip, br or deflate, or without").ExecuteAsync(context);
}
