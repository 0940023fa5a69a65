using CapabilityRegistry.Api.Http;
using CapabilityRegistry.ServiceDefaults;
using CapabilityRegistry.ServiceDefaults.Configuration;
using CapabilityRegistry.Tests.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CapabilityRegistry.Tests.Api;

public sealed class FeatureTests
{
    [Fact]
    public async Task A_route_of_a_feature_that_is_off_is_an_address_that_never_was()
    {
        foreach (var method in new[] { "GET", "POST", "DELETE" })
        {
            var off = await SendAsync(method, "/api/probe", on: false);
            var unknown = await SendAsync(method, "/api/never", on: false);
            Assert.Equal((404, "RESOURCE_NOT_FOUND"), (off.Status, off.ErrorCode));
            Assert.Equal(WithoutNames(unknown), WithoutNames(off));
            Assert.Empty(off.Headers.WwwAuthenticate);
        }
    }

    [Fact]
    public async Task A_route_of_a_feature_that_is_on_answers()
    {
        Assert.Equal((200, "probe"), await SendAsync("GET", "/api/probe", on: true) is var answer ? (answer.Status, answer.Text) : default);
        Assert.Equal(405, (await SendAsync("DELETE", "/api/probe", on: true)).Status);
    }

    private static string WithoutNames(Answer answer) =>
        answer.Text.Replace(answer.Json.GetProperty("trace_id").GetString()!, "", StringComparison.Ordinal).Replace("/api/never", "/api/probe", StringComparison.Ordinal);

    private static async Task<Answer> SendAsync(string method, string path, bool on)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.ClearProviders();
        builder.Configuration["Features:Webhooks"] = on ? "true" : "false";
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.AddServiceDefaults();
        await using var app = builder.Build();
        app.UseStatusCodePages(context => Problems.ForStatus(context.HttpContext).ExecuteAsync(context.HttpContext));
        var probes = app.MapGroup("/api").RequireFeature(Feature.Webhooks).MapGroup("/probe");
        probes.MapGet("/", () => Results.Text("probe"));
        probes.MapPost("/", () => Results.Text("probe"));
        await app.StartAsync(TestContext.Current.CancellationToken);

        using var handler = new SocketsHttpHandler();
        using var http = new HttpClient(handler) { BaseAddress = new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()) };
        using var response = await http.SendAsync(new(new(method), path), TestContext.Current.CancellationToken);
        return await Answer.OfAsync(response);
    }
}
