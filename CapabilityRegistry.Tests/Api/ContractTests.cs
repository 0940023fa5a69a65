using System.Text;
using CapabilityRegistry.Tests.Testing;

namespace CapabilityRegistry.Tests.Api;

public sealed class ContractTests(RegistryFixture registry) : IClassFixture<RegistryFixture>
{
    private RegistryApp App => registry.App;

    [Theory]
    [InlineData("GET", "/api/nothing", null, null, 404, "RESOURCE_NOT_FOUND")]
    [InlineData("DELETE", "/api/capabilities", null, null, 405, "VALIDATION_ERROR")]
    [InlineData("GET", "/api/compositions/not-a-uuid", null, null, 404, "RESOURCE_NOT_FOUND")]
    [InlineData("GET", "/api/capabilities/not%20a%20code", null, null, 404, "RESOURCE_NOT_FOUND")]
    [InlineData("GET", "/api/capabilities/%F0%9F%9A%80", null, null, 404, "RESOURCE_NOT_FOUND")]
    [InlineData("POST", "/api/capabilities", "{", "application/json", 400, "VALIDATION_ERROR")]
    [InlineData("POST", "/api/capabilities", "", "application/json", 400, "VALIDATION_ERROR")]
    [InlineData("POST", "/api/capabilities", "null", "application/json", 400, "VALIDATION_ERROR")]
    [InlineData("POST", "/api/capabilities", "{}", "text/plain", 415, "VALIDATION_ERROR")]
    [InlineData("POST", "/api/capabilities?dry=1", "{}", "application/json", 400, "VALIDATION_ERROR")]
    [InlineData("POST", "/api/dependencies/resolve", "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[", "application/json", 400, "VALIDATION_ERROR")]
    [InlineData("POST", "/api/capabilities/x/versions/1.0.0/yank", "{}", "application/json", 400, "VALIDATION_ERROR")]
    [InlineData("POST", "/api/capabilities/x/versions/1.0.0/yank", "{\"reason\":\"r\"}", "application/json", 404, "RESOURCE_NOT_FOUND")]
    public async Task A_refusal_is_a_problem_document(string method, string path, string? body, string? type, int status, string code)
    {
        var answer = await App.SendAsync(new(method), path, body, type ?? "application/json");
        Assert.Equal((status, "application/problem+json", code), (answer.Status, answer.ContentType, answer.ErrorCode));
        var problem = answer.Json;
        Assert.Equal(status, problem.GetProperty("status").GetInt32());
        foreach (var member in new[] { "type", "title", "detail", "instance", "trace_id" })
        {
            Assert.False(string.IsNullOrEmpty(problem.GetProperty(member).GetString()), member);
        }
    }

    [Theory]
    [InlineData("/api/capabilities?per_page=x&page=99999999999&min_quality_score=much", "?min_quality_score ?page ?per_page")]
    [InlineData("/api/changes?since=999999999999999999999&limit=1.5", "?limit ?since")]
    [InlineData("/api/audit?since=yesterday&until=2026-13-45", "?since ?until")]
    public async Task Every_query_parameter_that_cannot_be_read_is_named_in_the_callers_words(string path, string pointers)
    {
        var answer = await App.GetAsync(path);
        Assert.Equal((400, "VALIDATION_ERROR"), (answer.Status, answer.ErrorCode));
        var errors = answer.Json.GetProperty("errors").EnumerateArray().ToArray();
        Assert.Equal(pointers, string.Join(' ', errors.Select(e => e.GetProperty("pointer").GetString()).Order(StringComparer.Ordinal)));
        Assert.All(errors, e => Assert.StartsWith("Must be a ", e.GetProperty("message").GetString(), StringComparison.Ordinal));
        Assert.DoesNotContain("Nullable", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_beyond_the_limit_is_413()
    {
        var answer = await App.PostAsync("/api/capabilities", Sample.Manifest("large", more: $"\"long_description\":\"{new string('x', 1_200_000)}\""));
        Assert.Equal((413, "PAYLOAD_TOO_LARGE"), (answer.Status, answer.ErrorCode));
    }

    [Fact]
    public async Task A_refused_secret_says_how_to_say_who_one_is()
    {
        foreach (var (body, type) in new[]
        {
            ("""{"tenant_id":"tests","client_id":"nobody","client_secret":"wrong"}""", "application/json"),
            ("grant_type=client_credentials&tenant_id=tests&client_id=nobody&client_secret=wrong", "application/x-www-form-urlencoded"),
        })
        {
            var answer = await App.SendAsync(HttpMethod.Post, "/api/auth/token", body, type);
            Assert.Equal((401, "AUTHENTICATION_ERROR"), (answer.Status, answer.ErrorCode));
            Assert.Equal("Basic realm=\"capability-registry\", charset=\"UTF-8\"", answer.Headers.WwwAuthenticate.ToString());
        }
    }

    [Fact]
    public async Task Everything_wrong_with_a_manifest_is_said_at_once()
    {
        var answer = await App.PostAsync("/api/capabilities", """{"capability_code":"!","version":"x","dependencies":[{"capability_code":"a","version_range":"?"}],"complexity_score":11}""");
        Assert.Equal(["/capability_code", "/complexity_score", "/dependencies/0/version_range", "/version"], answer.ErrorPointers.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("tests", 200)]
    [InlineData("other", 403)]
    [InlineData("UPPER", 403)]
    [InlineData("", 403)]
    public async Task The_tenant_is_the_tokens_and_a_header_that_says_another_is_refused(string tenant, int status)
    {
        var answer = await App.SendAsync(HttpMethod.Get, "/api/capabilities", headers: ("X-Tenant-ID", tenant));
        Assert.Equal((status, status == 200 ? null : "AUTHORIZATION_ERROR"), (answer.Status, answer.ErrorCode));
    }

    [Fact]
    public async Task Another_tenants_capability_looks_like_one_that_never_was()
    {
        await App.PostAsync("/api/capabilities", Sample.Manifest("secret"), tenant: "mine");
        var created = await App.PostAsync("/api/compositions", """{"name":"Secret","requirements":[{"capability_code":"secret"}]}""", tenant: "mine");

        Assert.Equal(WithoutTrace(await App.GetAsync("/api/capabilities/never", "theirs")), WithoutTrace(await App.GetAsync("/api/capabilities/secret", "theirs")).Replace("secret", "never", StringComparison.Ordinal));
        Assert.Equal(404, (await App.GetAsync(created.Headers.Location!.ToString(), "theirs")).Status);
        Assert.Equal(0, (await App.GetAsync("/api/capabilities", "theirs")).Json.GetProperty("total_count").GetInt32());
        Assert.Equal("", (await App.GetAsync("/api/capabilities/export", "theirs")).Text);
        Assert.Equal("impossible", (await App.PostAsync("/api/dependencies/resolve", Sample.Resolve("secret"), "theirs")).Json.GetProperty("status").GetString());

        static string WithoutTrace(Answer answer) => answer.Text.Replace(answer.Json.GetProperty("trace_id").GetString()!, "", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Health_says_what_answers()
    {
        foreach (var path in new[] { "/api/health", "/health", "/alive" })
        {
            Assert.Equal(200, (await App.GetAsync(path)).Status);
        }

        Assert.Equal("healthy", (await App.GetAsync("/api/health")).Json.GetProperty("checks").GetProperty("postgresql").GetProperty("status").GetString());
    }

    /// <summary>After a deliberate change: run with UPDATE_SNAPSHOTS=1, and read the difference.</summary>
    [Fact]
    public async Task The_openapi_document_is_the_committed_one()
    {
        var document = (await App.GetAsync("/openapi/v1.json")).Text.ReplaceLineEndings("\n").TrimEnd() + "\n";
        if (Environment.GetEnvironmentVariable("UPDATE_SNAPSHOTS") == "1")
        {
            await File.WriteAllTextAsync(SourceOf("openapi.v1.json"), document, TestContext.Current.CancellationToken);
            return;
        }

        var committed = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Api", "openapi.v1.json"), Encoding.UTF8, TestContext.Current.CancellationToken);
        Assert.Equal(committed, document);
    }

    private static string SourceOf(string file, [System.Runtime.CompilerServices.CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, file);
}
