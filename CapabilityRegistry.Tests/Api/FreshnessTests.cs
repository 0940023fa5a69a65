using CapabilityRegistry.Tests.Testing;

namespace CapabilityRegistry.Tests.Api;

/// <summary>Two processes over one database: what one commits, the other's next resolution knows.</summary>
public sealed class FreshnessTests(RegistryFixture registry) : IClassFixture<RegistryFixture>
{
    [Fact]
    public async Task A_publish_on_one_process_is_in_the_next_answer_of_another()
    {
        await using var other = await RegistryApp.StartAsync(registry.ConnectionString, withWorker: true);
        await registry.App.PostAsync("/api/capabilities", Sample.Manifest("fresh"));
        for (var minor = 1; minor <= 20; minor++)
        {
            var (writer, reader) = minor % 2 == 0 ? (registry.App, other) : (other, registry.App);
            Assert.Equal(201, (await writer.PostAsync("/api/capabilities/fresh/versions", Sample.Manifest("fresh", $"1.{minor}.0"))).Status);
            var answer = await reader.PostAsync("/api/dependencies/resolve", Sample.Resolve("fresh"));
            Assert.Contains($"\"1.{minor}.0\"", answer.Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Positions_only_grow_while_eight_writers_publish()
    {
        var writers = Enumerable.Range(0, 8).Select(w => Task.Run(async () =>
        {
            for (var i = 0; i < 15; i++)
            {
                Assert.Equal(201, (await registry.App.PostAsync("/api/capabilities", Sample.Manifest($"writer-{w}-{i}"))).Status);
            }
        }));
        var writing = Task.WhenAll(writers);
        var (last, seen) = (0L, 0);
        while (!writing.IsCompleted || seen == 0)
        {
            var position = (await registry.App.PostAsync("/api/dependencies/resolve", Sample.Resolve("writer-0-0"))).Json.GetProperty("catalogue_position").GetInt64();
            Assert.True(position >= last, $"{position} after {last}");
            (last, seen) = (position, seen + 1);
        }

        await writing;
    }
}
