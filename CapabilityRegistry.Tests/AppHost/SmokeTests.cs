using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Aspire.Hosting.Testing;

namespace CapabilityRegistry.Tests.AppHost;

/// <summary>The whole system as the AppHost starts it, with local programs and a folder of its own.</summary>
public sealed class SmokeTests : IDisposable
{
    private const string AdminSecret = "AnAdministratorsSecretForOneTestRunOnly1234";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly string _data = Directory.CreateTempSubdirectory("registry-apphost-").FullName;

    [Fact]
    public async Task What_is_imported_is_found_and_resolved_and_everything_stops()
    {
        Assert.SkipUnless(HasOrchestrator(), "There is no Aspire CLI in PATH, which brings what starts the processes.");
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Patience);
        if (!OperatingSystem.IsWindows())
        {
            // The server is not root and must reach its folder.
            File.SetUnixFileMode(_data, (UnixFileMode)0b111_101_101);
        }

        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.CapabilityRegistry_AppHost>(Arguments(), limit.Token);
        await using (builder)
        {
            await using var app = await builder.BuildAsync(limit.Token);
            await app.StartAsync(limit.Token);
            await Task.WhenAll(app.ResourceNotifications.WaitForResourceHealthyAsync("api", limit.Token), app.ResourceNotifications.WaitForResourceHealthyAsync("worker", limit.Token));
            using var http = app.CreateHttpClient("api", "http");
            await SignInAsync(http, limit.Token);
            Assert.Equal("created", await ImportAsync(http, limit.Token));
            Assert.Equal("smoke", await FindAsync(http, limit.Token));
            Assert.Equal("1.2.3", await ResolveAsync(http, limit.Token));
            await app.StopAsync(limit.Token);
        }

        Assert.False(File.Exists(Path.Combine(_data, "apphost", "postgres", "postmaster.pid")));
    }

    public void Dispose() => Directory.Delete(_data, recursive: true);

    private static bool HasOrchestrator() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, OperatingSystem.IsWindows() ? "aspire.exe" : "aspire")));

    private string[] Arguments() =>
    [
        "--engine", "executables",
        "--data", _data,
        "--Parameters:admin-secret", AdminSecret,
        "--Parameters:signing-key", "ASigningKeyForOneTestRunOnly123456789012345",
        "--Parameters:database-password", "ADatabasePasswordForOneTestRunOnly123456789",
        "--Parameters:owner-password", "AnOwnersPasswordForOneTestRunOnly1234567890",
    ];

    private static async Task SignInAsync(HttpClient http, CancellationToken cancellationToken)
    {
        using var answer = await http.PostAsJsonAsync("/api/auth/token", new { tenant_id = "default", client_id = "admin", client_secret = AdminSecret }, cancellationToken);
        var token = (await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>(cancellationToken)).GetProperty("access_token").GetString();
        http.DefaultRequestHeaders.Authorization = new("Bearer", token);
    }

    private static async Task<string?> ImportAsync(HttpClient http, CancellationToken cancellationToken)
    {
        using var content = new StringContent(
            """{"capability_code":"smoke","capability_name":"Smoke","description":"What rises from a test.","category":"foundation_infrastructure","version":"1.2.3"}""", new MediaTypeHeaderValue("application/x-ndjson"));
        using var answer = await http.PostAsync("/api/capabilities/import", content, cancellationToken);
        return JsonSerializer.Deserialize<JsonElement>(await answer.EnsureSuccessStatusCode().Content.ReadAsStringAsync(cancellationToken)).GetProperty("status").GetString();
    }

    private static async Task<string?> FindAsync(HttpClient http, CancellationToken cancellationToken)
    {
        var page = await http.GetFromJsonAsync<JsonElement>("/api/capabilities?search=smoke", cancellationToken);
        return Assert.Single(page.GetProperty("items").EnumerateArray()).GetProperty("capability_code").GetString();
    }

    private static async Task<string?> ResolveAsync(HttpClient http, CancellationToken cancellationToken)
    {
        using var answer = await http.PostAsJsonAsync(
            "/api/dependencies/resolve", new { requirements = new[] { new { capability_code = "smoke", version_range = "^1.0.0" } } }, cancellationToken);
        var solution = await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
        return Assert.Single(solution.GetProperty("lock").GetProperty("versions").EnumerateArray()).GetProperty("version").GetString();
    }
}
