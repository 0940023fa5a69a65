using System.Security.Claims;
using CapabilityRegistry.Api;
using CapabilityRegistry.Api.Identity;
using CapabilityRegistry.Data;
using CapabilityRegistry.ServiceDefaults;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace CapabilityRegistry.Benchmarks.Http;

/// <summary>The hosts that a read is measured on, each on a free port of loopback.</summary>
internal static class ReadHosts
{
    /// <summary>The API as it is deployed, with rate limits off: they would end the measurement.</summary>
    public static Task<WebApplication> ApiAsync(string connectionString, params ReadOnlySpan<(string Key, string Value)> settings)
    {
        var builder = Builder(connectionString);
        foreach (var (key, value) in settings)
        {
            builder.Configuration[key] = value;
        }

        return StartAsync(builder, app => app.MapRegistryApi());
    }

    /// <summary>The same API, except that uses are not counted and no time is kept of requests.</summary>
    public static Task<WebApplication> WithoutAnalyticsAsync(string connectionString)
    {
        var builder = Builder(connectionString);
        builder.Configuration["Usage:Counting"] = "false";
        builder.Configuration["Features:AnalyticsDashboard"] = "false";
        return StartAsync(builder, app => app.MapRegistryApi());
    }

    /// <summary>The same API, except that nobody is asked who he is: no token is read and no policy looked at.</summary>
    public static Task<WebApplication> WithoutAuthorizationAsync(string connectionString, Caller caller)
    {
        var builder = Builder(connectionString);
        builder.Services.Configure<RouteOptions>(routes => routes.SuppressCheckForUnhandledSecurityMetadata = true);
        var user = new ClaimsPrincipal(new CallerIdentity(caller));
        return StartAsync(builder, app => app.MapRegistryApi(identity => identity.Use((context, next) =>
        {
            context.User = user;
            return next(context);
        })));
    }

    /// <summary>The floor of DESIGN.md: a minimal API over Npgsql that does the bare statement.</summary>
    public static Task<WebApplication> FloorAsync(string connectionString)
    {
        var builder = Plain();
        var source = NpgsqlDataSource.Create($"{connectionString};Max Auto Prepare=50;Auto Prepare Min Usages=2;Options=-c role=registry_system");
        return StartAsync(builder, app => app.MapGet("/{code}", async (string code, HttpContext http) =>
        {
            await using var command = source.CreateCommand("SELECT v.manifest::text FROM capabilities c JOIN capability_versions v ON v.version_id = c.latest_version_id WHERE c.tenant_id = 'default' AND c.capability_code = $1");
            command.Parameters.Add(new() { Value = code });
            http.Response.ContentType = "application/json";
            await http.Response.WriteAsync((string)(await command.ExecuteScalarAsync(http.RequestAborted))!, http.RequestAborted);
        }));
    }

    /// <summary>The floor of a write: the bare statement, one row.</summary>
    public static async Task<WebApplication> InsertFloorAsync(string connectionString)
    {
        var source = NpgsqlDataSource.Create($"{connectionString};Max Auto Prepare=50;Auto Prepare Min Usages=2");
        await using (var create = source.CreateCommand("CREATE TABLE floor_documents (id uuid PRIMARY KEY, document json NOT NULL)"))
        {
            await create.ExecuteNonQueryAsync();
        }

        return await StartAsync(Plain(), app => app.MapPost("/api/capabilities", async (HttpContext http) =>
        {
            using var reader = new StreamReader(http.Request.Body);
            await using var command = source.CreateCommand("INSERT INTO floor_documents (id, document) VALUES ($1, $2::json)");
            command.Parameters.Add(new() { Value = Guid.CreateVersion7(TimeProvider.System.GetUtcNow()) });
            command.Parameters.Add(new() { Value = await reader.ReadToEndAsync(http.RequestAborted) });
            await command.ExecuteNonQueryAsync(http.RequestAborted);
            http.Response.StatusCode = StatusCodes.Status201Created;
        }));
    }

    /// <summary>Kestrel returning bytes that it has.</summary>
    public static Task<WebApplication> ConstantAsync(byte[] body) => StartAsync(Plain(), app => app.MapGet("/", async http =>
    {
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = body.Length;
        await http.Response.Body.WriteAsync(body, http.RequestAborted);
    }));

    public static string AddressOf(WebApplication app) => app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();

    private static WebApplicationBuilder Builder(string connectionString)
    {
        var builder = Plain();
        builder.Configuration["ConnectionStrings:registry"] = connectionString;
        builder.Configuration["Auth:SigningKey"] = "the signing key of a benchmark, 32 bytes and more";
        builder.Configuration["RateLimit:Enabled"] = "false";
        builder.AddServiceDefaults();
        builder.AddNpgsqlDataSource(RegistryData.ConnectionName, configureDataSourceBuilder: RegistryData.Configure);
        builder.Services.AddRegistryData();
        builder.EnrichNpgsqlDbContext<RegistryDbContext>(settings => settings.DisableRetry = true);
        builder.AddRegistryApi();
        return builder;
    }

    private static WebApplicationBuilder Plain()
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        return builder;
    }

    private static async Task<WebApplication> StartAsync(WebApplicationBuilder builder, Action<WebApplication> map)
    {
        var app = builder.Build();
        map(app);
        await app.StartAsync();
        return app;
    }
}
