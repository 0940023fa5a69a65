using System.Runtime.CompilerServices;
using System.Text;
using CapabilityRegistry.Api.Identity;
using CapabilityRegistry.Data.Identity;
using CapabilityRegistry.Tests.Testing;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace CapabilityRegistry.Tests.Api.Identity;

/// <summary>Who may do what: every endpoint says it, the API keeps to it, and the documentation is made of it.</summary>
public sealed class AuthorizationTests(RegistryFixture registry) : IClassFixture<RegistryFixture>
{
    private const string Begin = "<!-- Made of the endpoints by AuthorizationTests. -->";
    private const string End = "<!-- End of what is made. -->";

    /// <summary>What is open to everybody, and must stay the whole list.</summary>
    private static readonly string[] Open = ["/alive", "/api/auth/token", "/api/health", "/api/registry/health", "/docs", "/health", "/openapi"];

    private RegistryApp App => registry.App;

    [Fact]
    public void Every_endpoint_has_a_policy_or_is_one_of_the_few_that_are_open()
    {
        var endpoints = Endpoints();
        Assert.True(endpoints.Length >= 40, $"{endpoints.Length} endpoints");
        foreach (var endpoint in endpoints)
        {
            var isOpen = endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null;
            Assert.True(isOpen == Array.Exists(Open, o => PathOf(endpoint).StartsWith(o, StringComparison.Ordinal)), $"{PathOf(endpoint)} is {(isOpen ? "open" : "not open")}");
            Assert.True(isOpen || (endpoint.Metadata.GetMetadata<Access>() is { } access && endpoint.Metadata.GetOrderedMetadata<IAuthorizeData>().Any(a => a.Policy == access.Name)), $"{PathOf(endpoint)} has no policy.");
        }
    }

    [Fact]
    public async Task Every_role_may_do_what_its_row_says_and_nothing_else()
    {
        var (probes, wrong) = (0, new List<string>());
        foreach (var role in Roles.All)
        {
            var token = await App.Tokens.OfAsync("roles", role);
            foreach (var (method, endpoint, access) in Guarded())
            {
                var answer = await App.SendAsync(new(method), Address(endpoint), headers: ("Authorization", $"Bearer {token}"));
                var isGranted = access.All(a => a.AnyOf.Contains(role) && Scopes.Of([role]).Contains(a.Scope));
                probes++;
                if (answer.Status == 403 == isGranted || answer.Status is 401 or >= 500)
                {
                    wrong.Add($"{role} {method} {PathOf(endpoint)}: {answer.Status}, {(isGranted ? "granted" : "not granted")}");
                }
            }
        }

        TestContext.Current.TestOutputHelper!.WriteLine($"{probes} probes");
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.True(probes >= Roles.All.Count * 35);
    }

    [Fact]
    public async Task Without_a_token_every_operation_is_401()
    {
        using var http = new HttpClient(new SocketsHttpHandler()) { BaseAddress = App.Http.BaseAddress };
        foreach (var (method, endpoint, _) in Guarded())
        {
            using var request = new HttpRequestMessage(new(method), Address(endpoint));
            using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
            var answer = await Answer.OfAsync(response);
            Assert.True((answer.Status, method == "HEAD" ? "AUTHENTICATION_ERROR" : answer.ErrorCode) == (401, "AUTHENTICATION_ERROR"), $"{method} {PathOf(endpoint)}: {answer.Status}");
        }
    }

    /// <summary>After a deliberate change: run with UPDATE_SNAPSHOTS=1, and read the difference.</summary>
    [Fact]
    public async Task The_documented_table_is_what_the_endpoints_say()
    {
        if (Environment.GetEnvironmentVariable("UPDATE_SNAPSHOTS") == "1")
        {
            await File.WriteAllTextAsync(SourceOf("authorization.md"), WithTable(await ReadAsync(SourceOf("authorization.md"))), TestContext.Current.CancellationToken);
            return;
        }

        var committed = await ReadAsync(Path.Combine(AppContext.BaseDirectory, "Api", "Identity", "authorization.md"));
        Assert.Equal(WithTable(committed), committed);
    }

    private static async Task<string> ReadAsync(string path) => (await File.ReadAllTextAsync(path, Encoding.UTF8, TestContext.Current.CancellationToken)).ReplaceLineEndings("\n");

    private static string SourceOf(string file, [CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "..", "docs", file);

    private static string PathOf(RouteEndpoint endpoint) => "/" + endpoint.RoutePattern.RawText!.Trim('/');

    private static string Address(RouteEndpoint endpoint) => string.Join('/', PathOf(endpoint).Split('/').Select(s => !s.StartsWith('{') ? s : s.Contains(":guid", StringComparison.Ordinal) ? $"{Guid.Empty}" : s.Contains(":long", StringComparison.Ordinal) ? "1" : "nothing"));

    private RouteEndpoint[] Endpoints() => [.. App.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()];

    /// <summary>CONNECT is how HTTP/2 asks for what HTTP/1.1 asks for by GET; no other request can be made of it.</summary>
    private IEnumerable<(string Method, RouteEndpoint Endpoint, IReadOnlyList<Access> Access)> Guarded() => Endpoints()
        .Select(e => (Endpoint: e, Access: e.Metadata.GetOrderedMetadata<Access>())).Where(e => e.Access.Count > 0)
        .SelectMany(e => e.Endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Where(m => m != "CONNECT"), (e, method) => (method, e.Endpoint, e.Access));

    private string WithTable(string document)
    {
        var (begin, end) = (document.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length, document.IndexOf(End, StringComparison.Ordinal));
        return $"{document[..begin]}\n\n{Table()}\n{document[end..]}";
    }

    private string Table()
    {
        var rows = Guarded().Where(g => g.Method != "HEAD").OrderBy(g => PathOf(g.Endpoint), StringComparer.Ordinal).ThenBy(g => g.Method, StringComparer.Ordinal)
            .Select(g => $"| {g.Method} | `{PathOf(g.Endpoint)}` | `{g.Access[^1].Scope}` | {Allowed(g.Access)} | {(g.Access[^1].Writes ? "yes" : "")} |\n");
        return $"| method | address | scope | roles | writes |\n| --- | --- | --- | --- | --- |\n{string.Concat(rows)}";
    }

    private static string Allowed(IReadOnlyList<Access> access)
    {
        var roles = Roles.All.Where(r => access.All(a => a.AnyOf.Contains(r))).ToArray();
        return roles.Length == Roles.All.Count ? "every role" : string.Join(", ", roles.Select(r => $"`{r}`"));
    }
}
