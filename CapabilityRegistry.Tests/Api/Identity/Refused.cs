using System.Net.Sockets;
using System.Text;
using CapabilityRegistry.Data;
using CapabilityRegistry.Tests.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CapabilityRegistry.Tests.Api.Identity;

/// <summary>What every refusal of a token looks like.</summary>
internal static class Refused
{
    public static void Check(Answer answer)
    {
        Assert.Equal((401, "application/problem+json", "AUTHENTICATION_ERROR"), (answer.Status, answer.ContentType, answer.ErrorCode));
        Assert.Equal("Bearer", Assert.Single(answer.Headers.WwwAuthenticate).Scheme);
    }
}

/// <summary>Requests without the token that <see cref="RegistryApp"/> gives to all of its own.</summary>
internal static class Anonymous
{
    public static Task<Answer> GetAsync(RegistryApp app, string path, params (string Name, string Value)[] headers) => SendAsync(app, HttpMethod.Get, path, null, headers);

    public static async Task<Answer> SendAsync(RegistryApp app, HttpMethod method, string path, HttpContent? content, params (string Name, string Value)[] headers)
    {
        using var handler = new SocketsHttpHandler { UseCookies = false };
        using var http = new HttpClient(handler) { BaseAddress = app.Http.BaseAddress };
        using var request = new HttpRequestMessage(method, path) { Content = content };
        foreach (var (name, value) in headers)
        {
            Assert.True(request.Headers.TryAddWithoutValidation(name, value), name);
        }

        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        return await Answer.OfAsync(response);
    }
}

/// <summary>Requests that no HTTP client sends.</summary>
internal static class RawHttp
{
    public static async Task<string> GetAsync(Uri address, string path, params string[] headers)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port, TestContext.Current.CancellationToken);
        await using var stream = client.GetStream();
        var lines = new[] { $"GET {path} HTTP/1.1", $"Host: {address.Authority}", "Connection: close" }.Concat(headers);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(string.Join("\r\n", lines) + "\r\n\r\n"), TestContext.Current.CancellationToken);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
    }
}

/// <summary>Changes what the database says of those whom tokens name, as another process would.</summary>
internal static class Standing
{
    public static async Task SuspendAsync(RegistryApp app, string tenantId)
    {
        await using var scope = app.Services.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<RegistryDbContext>();
        database.TenantId = tenantId;
        await database.Tenants.ExecuteUpdateAsync(t => t.SetProperty(x => x.SuspendedAt, TimeProvider.System.GetUtcNow()), TestContext.Current.CancellationToken);
    }
}
