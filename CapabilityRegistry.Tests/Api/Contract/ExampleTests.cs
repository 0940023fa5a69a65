using System.Text.Json;
using CapabilityRegistry.Tests.Testing;

namespace CapabilityRegistry.Tests.Api.Contract;

/// <summary>What the OpenAPI document shows as an example can be sent as it stands.</summary>
public sealed class ExampleTests(RegistryFixture registry) : IClassFixture<RegistryFixture>
{
    public static TheoryData<string> Bodies => Operation.Ids(Operation.All.Where(o => o.Example is not null && o.Id != "GetToken"));

    [Fact]
    public void Every_operation_with_a_body_has_an_example()
    {
        Assert.True(Bodies.Count >= 15);
        Assert.All(Operation.All, o => Assert.False(o.Example is "", o.Id));
    }

    [Fact]
    public void Every_example_belongs_to_an_operation()
    {
        using var source = typeof(CapabilityRegistry.Api.ApiHost).Assembly.GetManifestResourceStream("openapi-examples.json")!;
        using var examples = JsonDocument.Parse(source);
        Assert.Empty(examples.RootElement.EnumerateObject().Select(e => e.Name).Except(Operation.All.Select(o => o.Id)));
    }

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task An_example_is_accepted(string id)
    {
        var operation = Operation.Of(id);
        var tenant = await SeededTenant.CreateAsync(registry.App, $"example-{id.ToLowerInvariant()}", operation);
        var answer = await tenant.AskAsync(operation, operation.Parameters.Contains("dry_run") ? "dry_run=true" : "");
        Assert.True(answer.Status is 200 or 201, answer.Text);
    }

    /// <summary>Its secret is nobody's; everything else about it is right.</summary>
    [Fact]
    public async Task The_example_of_a_request_for_a_token_is_understood() =>
        Assert.Equal(401, (await registry.App.PostAsync("/api/auth/token", Operation.Of("GetToken").Example)).Status);
}
