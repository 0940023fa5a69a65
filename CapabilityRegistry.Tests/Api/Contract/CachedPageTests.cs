using CapabilityRegistry.Tests.Testing;

namespace CapabilityRegistry.Tests.Api.Contract;

/// <summary>Pages of capabilities are kept in memory: who has written must read what it wrote, at once in the same process and soon in another.</summary>
public sealed class CachedPageTests(RegistryFixture registry) : IClassFixture<RegistryFixture>
{
    private const int Rounds = 40;

    private RegistryApp App => registry.App;

    [Theory]
    [InlineData("patched", "code")]
    [InlineData("published", "code")]
    [InlineData("yanked", "id")]
    public async Task Who_has_written_reads_it_while_others_read_and_write(string how, string by)
    {
        var created = await App.PostAsync("/api/capabilities", Sample.Manifest($"page-{how}"));
        var path = by == "id" ? $"/api/capabilities/{created.Json.GetProperty("capability_id")}" : $"/api/capabilities/page-{how}";
        using var done = new CancellationTokenSource();
        var readers = Enumerable.Range(0, 3).Select(_ => ReadOnAsync(path, done.Token)).ToArray();
        var writers = Enumerable.Range(0, 3).Select(writer => Task.Run(async () =>
        {
            for (var round = 0; round < Rounds; round++)
            {
                var before = Stamp(await App.GetAsync(path));
                var write = await WriteAsync(how, path, writer, round);
                Assert.True(write.Status is 200 or 201 or 409, write.Text);
                if (write.Status != 409)
                {
                    var read = await App.GetAsync(path);
                    Assert.True(how == "published" ? Version(read) >= Version(write) : Stamp(read) > before, $"{writer} {round}: {write.Text} {read.Text}");
                }
            }
        })).ToArray();
        await Task.WhenAll(writers);
        await done.CancelAsync();
        await Task.WhenAll(readers);

        await using var fresh = await RegistryApp.StartAsync(registry.ConnectionString);
        Assert.Equal((await fresh.GetAsync(path)).Text, (await App.GetAsync(path)).Text);
    }

    [Fact(Timeout = 60_000)]
    public async Task Another_process_reads_it_soon()
    {
        await using var other = await RegistryApp.StartAsync(registry.ConnectionString, withWorker: true);
        await App.PostAsync("/api/capabilities", Sample.Manifest("elsewhere"));
        for (var round = 0; round < 15; round++)
        {
            await other.GetAsync("/api/capabilities/elsewhere");
            var write = await App.SendAsync(HttpMethod.Patch, "/api/capabilities/elsewhere", $$"""{"description":"Round {{round}}"}""");
            while ((await other.GetAsync("/api/capabilities/elsewhere")).Text != write.Text)
            {
                TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            }
        }

        await App.SendAsync(HttpMethod.Delete, "/api/capabilities/elsewhere");
        while ((await other.GetAsync("/api/capabilities/elsewhere")).Status != 404)
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
        }
    }

    [Fact]
    public async Task Who_hears_that_a_line_of_an_import_is_kept_reads_it_though_the_import_goes_on()
    {
        await App.PostAsync("/api/capabilities", Sample.Manifest("imported"));
        Assert.Equal("1.0.0", (await App.GetAsync("/api/capabilities/imported")).Json.GetProperty("version").GetString());
        await using var connection = await RawConnection.OpenAsync(App);
        await connection.SendHeadAsync(App, "POST /api/capabilities/import", "application/x-ndjson");
        await connection.SendChunkAsync(string.Concat(Enumerable.Range(0, 500).Select(i => $"{Sample.Manifest("imported", $"2.{i}.0")}\n")));
        await connection.ReadUntilAsync("\"line\":500,");
        Assert.Equal("2.499.0", (await App.GetAsync("/api/capabilities/imported")).Json.GetProperty("version").GetString());
    }

    private async Task ReadOnAsync(string path, CancellationToken done)
    {
        while (!done.IsCancellationRequested)
        {
            Assert.Equal(200, (await App.GetAsync(path)).Status);
        }
    }

    private Task<Answer> WriteAsync(string how, string path, int writer, int round) => how switch
    {
        "patched" => App.SendAsync(HttpMethod.Patch, path, $$"""{"description":"{{writer}} {{round}}"}"""),
        "published" => App.PostAsync($"{path}/versions", Sample.Manifest("page-published", $"{round + 2}.{writer}.0")),
        _ => App.PostAsync($"{path}/versions/1.0.0/{(round % 2 == 0 ? "yank" : "retire")}", $$"""{"reason":"{{writer}} {{round}}"}"""),
    };

    private static Version Version(Answer page) => new(page.Json.GetProperty("version").GetString()!);

    private static DateTimeOffset Stamp(Answer page) => page.Json.GetProperty("updated_at").GetDateTimeOffset();
}
