using System.Text.Json;
using CapabilityRegistry.Tests.Testing;

namespace CapabilityRegistry.Tests.Api;

public sealed class ResolutionTests(RegistryFixture registry) : IClassFixture<RegistryFixture>, IAsyncLifetime
{
    private RegistryApp App => registry.App;

    public async ValueTask InitializeAsync() => await App.ImportAsync(string.Join(
        '\n',
        Sample.Manifest("checkout", "2.0.0", Sample.Needs("payments", "^3.0.0")),
        Sample.Manifest("payments", "3.0.0", Sample.Needs("ledger", "<2.0.0", "conflicting")),
        Sample.Manifest("payments", "3.1.0", Sample.Needs("ledger", "<2.0.0", "conflicting")),
        Sample.Manifest("ledger", "1.0.0"),
        Sample.Manifest("ledger", "2.0.0"),
        Sample.Manifest("yanked", "1.0.0"),
        Sample.Manifest("yanked", "1.1.0", more: "\"lifecycle\":{\"state\":\"yanked\",\"message\":\"broken\"}")));

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task A_solution_has_a_lock_an_order_and_passes_verification()
    {
        var answer = (await App.PostAsync("/api/dependencies/resolve", Sample.Resolve("checkout", "ledger"))).Json;

        Assert.Equal("resolved", answer.GetProperty("status").GetString());
        Assert.Equal(["checkout@2.0.0", "ledger@2.0.0", "payments@3.1.0"], Locked(answer));
        Assert.Equal(answer.GetProperty("catalogue_position").GetInt64(), answer.GetProperty("lock").GetProperty("catalogue_position").GetInt64());
        Assert.StartsWith("sha256:", answer.GetProperty("lock").GetProperty("content_hash").GetString(), StringComparison.Ordinal);
        Assert.Equal("""[["ledger","payments"],["checkout"]]""", answer.GetProperty("load_order").GetRawText());
        var payments = answer.GetProperty("lock").GetProperty("versions").EnumerateArray().Single(v => v.GetProperty("capability_code").GetString() == "payments");
        Assert.Equal("checkout", payments.GetProperty("reasons")[0].GetProperty("required_by").GetString());

        Assert.Equal("""{"valid":true,"checked":"lock","catalogue_position":7,"violations":[]}""", (await VerifyAsync("checkout", "\"lock\":" + Plain(answer))).Text);
    }

    [Fact]
    public async Task An_impossible_request_is_explained_and_the_derivation_replays()
    {
        var answer = (await App.PostAsync("/api/dependencies/resolve", Sample.Resolve("checkout", "ledger@^1.0.0"))).Json;

        Assert.Equal("impossible", answer.GetProperty("status").GetString());
        Assert.False(answer.TryGetProperty("lock", out _));
        var explanation = answer.GetProperty("explanation");
        Assert.Contains("checkout 2.0.0 depends on payments ^3.0.0", explanation.GetProperty("prose").GetString(), StringComparison.Ordinal);
        Assert.Contains("you asked for ledger ^1.0.0", explanation.GetProperty("prose").GetString(), StringComparison.Ordinal);

        var steps = explanation.GetProperty("steps").GetRawText();
        Assert.True((await VerifyAsync("checkout,ledger@^1.0.0", $"\"derivation\":{steps}")).Json.GetProperty("valid").GetBoolean());
        Assert.False((await VerifyAsync("checkout,ledger@^2.0.0", $"\"derivation\":{steps}")).Json.GetProperty("valid").GetBoolean());
    }

    [Fact]
    public async Task A_yanked_version_is_chosen_only_from_a_lock()
    {
        Assert.Equal(["yanked@1.0.0"], Locked((await App.PostAsync("/api/dependencies/resolve", Sample.Resolve("yanked"))).Json));
        var locked = Sample.Resolve("yanked").Replace("]}", "],\"lock\":[{\"capability_code\":\"yanked\",\"version\":\"1.1.0\"}]}", StringComparison.Ordinal);
        Assert.Equal(["yanked@1.1.0"], Locked((await App.PostAsync("/api/dependencies/resolve", locked)).Json));
    }

    [Fact]
    public async Task A_lock_that_breaks_a_rule_does_not_verify()
    {
        var answer = await VerifyAsync("checkout", """ "lock":[{"capability_code":"checkout","version":"2.0.0"},{"capability_code":"payments","version":"3.0.0"},{"capability_code":"ledger","version":"1.0.0"}]""");
        Assert.False(answer.Json.GetProperty("valid").GetBoolean());
        Assert.Contains("conflicts with ledger", answer.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"requirements":[]}""", "/requirements")]
    [InlineData("""{"requirements":[{"capability_code":"a","version_range":"not a range"}]}""", "/requirements/0/version_range")]
    [InlineData("""{"requirements":[{"capability_code":"a b"}]}""", "/requirements/0/capability_code")]
    [InlineData("""{"requirements":[{"capability_code":"a","range":"*"}]}""", "/requirements/0/range")]
    [InlineData("""{"requirements":[{"capability_code":"a"}],"include":["everything"]}""", "/include/0")]
    [InlineData("""{"requirements":[{"capability_code":"a"}],"budget_ms":0}""", "/budget_ms")]
    [InlineData("""{"requirements":[{"capability_code":"a"}],"budget_ms":1e99}""", "/budget_ms")]
    [InlineData("""{"requirements":[{"capability_code":"a"}],"lock":[{"capability_code":"a","version":"1"}]}""", "/lock/0/version")]
    [InlineData("""{"requirements":{}}""", "/requirements")]
    [InlineData("{}", "/requirements")]
    public async Task A_request_that_does_not_fit_is_refused_with_its_pointer(string body, string pointer)
    {
        var answer = await App.PostAsync("/api/dependencies/resolve", body);
        Assert.Equal((400, "VALIDATION_ERROR"), (answer.Status, answer.ErrorCode));
        Assert.Equal([pointer], answer.ErrorPointers);
    }

    private Task<Answer> VerifyAsync(string requirements, string rest) =>
        App.PostAsync("/api/dependencies/verify", Sample.Resolve(requirements.Split(',')).TrimEnd('}') + $",{rest}}}");

    private static string[] Locked(JsonElement answer) =>
        [.. answer.GetProperty("lock").GetProperty("versions").EnumerateArray().Select(v => $"{v.GetProperty("capability_code").GetString()}@{v.GetProperty("version").GetString()}")];

    private static string Plain(JsonElement answer) =>
        $"[{string.Join(',', Locked(answer).Select(v => v.Split('@')).Select(v => $$"""{"capability_code":"{{v[0]}}","version":"{{v[1]}}"}"""))}]";
}
