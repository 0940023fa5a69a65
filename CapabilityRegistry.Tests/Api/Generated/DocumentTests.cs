using CapabilityRegistry.Tests.Testing;

namespace CapabilityRegistry.Tests.Api.Generated;

public sealed class DocumentTests(RegistryFixture registry) : IClassFixture<RegistryFixture>
{
    [Fact]
    public async Task Every_example_of_a_request_fits_its_schema()
    {
        var document = await ApiDocument.ReadAsync(registry.App);
        var bodies = document.Operations.SelectMany(o => o.Bodies, (o, b) => (Operation: o, Body: b)).Where(x => x.Body.Example is not null).ToArray();
        Assert.True(bodies.Length >= 18, $"Only {bodies.Length} bodies have an example.");
        Assert.Empty(bodies.SelectMany(x => x.Body.Schema.Misfits(x.Body.Example!.Value), (x, misfit) => $"{x.Operation}: {misfit}"));
    }

    [Fact]
    public async Task Every_operation_that_takes_a_body_says_which()
    {
        var document = await ApiDocument.ReadAsync(registry.App);
        foreach (var operation in document.Operations.Where(o => o.Method is "PUT" or "PATCH"))
        {
            Assert.True(operation.Bodies.Count > 0, $"{operation}");
        }

        Assert.Contains(document.Operations, o => o.Id == "ImportCatalogue" && o.Bodies.Any(b => b.MediaType == "application/x-ndjson"));
        Assert.All(document.Operations.SelectMany(o => o.Bodies), b => Assert.True(b.Schema.Types.Contains("object"), b.MediaType));
    }
}
