using System.Security.Claims;
using CapabilityRegistry.Api.Http;
using CapabilityRegistry.Api.Limits;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace CapabilityRegistry.Tests.Api.Limits;

/// <summary>A small API behind the limits. The header <c>X-Test-Client</c> says which client of which tenant a request is authenticated as.</summary>
internal sealed class LimitedApp : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly SocketsHttpHandler _handler = new();

    private LimitedApp(WebApplication app, FakeTimeProvider clock)
    {
        (_app, Clock) = (app, clock);
        Http = new(_handler, disposeHandler: false) { BaseAddress = new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()) };
    }

    public HttpClient Http { get; }

    /// <summary>Stands still unless told, so that no request runs out of patience with a slow machine.</summary>
    public FakeTimeProvider Clock { get; }

    public IServiceProvider Services => _app.Services;

    public static async Task<LimitedApp> StartAsync(int perMinute, int burst, string? redis = null)
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddDays(20_000));
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Configuration.AddInMemoryCollection([new("RateLimit:RequestsPerMinute", $"{perMinute}"), new("RateLimit:Burst", $"{burst}"), new("ConnectionStrings:redis", redis)]);
        builder.Services.AddSingleton<TimeProvider>(clock);
        builder.Services.AddExceptionHandler<ProblemExceptionHandler>();
        if (redis is not null)
        {
            builder.AddRedisClient("redis");
        }

        builder.AddRateLimits();
        var app = builder.Build();
        app.UseExceptionHandler(_ => { });
        app.Use(Authenticate);
        app.UseRateLimits();
        app.MapGet("/", () => "here");
        app.MapGet("/free", () => "here").Unlimited();
        app.MapGet("/bug", string () => throw new InvalidOperationException("A bug."));
        await app.StartAsync();
        return new(app, clock);
    }

    public async Task<HttpResponseMessage> GetAsync(string path = "/", string? client = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (client is not null)
        {
            request.Headers.Add("X-Test-Client", client);
        }

        return await Http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public async Task<int> StatusAsync(string path = "/", string? client = null)
    {
        using var response = await GetAsync(path, client);
        return (int)response.StatusCode;
    }

    /// <summary>The statuses of requests that are sent one after the other, like <c>200 200 429</c>.</summary>
    public async Task<string> StatusesAsync(int count, string? client = null)
    {
        var statuses = new int[count];
        for (var i = 0; i < count; i++)
        {
            statuses[i] = await StatusAsync(client: client);
        }

        return string.Join(' ', statuses);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        _handler.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private static Task Authenticate(HttpContext context, RequestDelegate next)
    {
        if (context.Request.Headers["X-Test-Client"].ToString().Split('/') is [var tenant, var client])
        {
            context.User = new(new ClaimsIdentity([new(BucketKey.TenantClaim, tenant), new(BucketKey.ClientClaim, client)], "test"));
        }

        return next(context);
    }
}
