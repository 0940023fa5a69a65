using CapabilityRegistry.Tests.Testing;

namespace CapabilityRegistry.Tests.Cli;

/// <summary>The command line against the real API: what it does and how it ends.</summary>
public sealed class CommandLineTests(RegistryFixture registry) : IClassFixture<RegistryFixture>, IDisposable
{
    /// <summary>A tenant for each test: tests of a class run in any order over one database.</summary>
    private readonly string _tenant = $"cli-{Guid.CreateVersion7(TimeProvider.System.GetUtcNow()):N}";
    private readonly CommandLine _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task An_imported_file_is_exported_again_and_resolves()
    {
        string[] lines = [Sample.Manifest("cli-app", "1.0.0", Sample.Needs("cli-lib", "^1.0.0")), Sample.Manifest("cli-lib", "1.2.0")];
        var (source, copy) = (Path.Combine(_cli.Folder, "in.ndjson"), Path.Combine(_cli.Folder, "out.ndjson"));
        await File.WriteAllLinesAsync(source, lines, TestContext.Current.CancellationToken);

        Assert.Equal(0, await RunAsync("import", source));
        Assert.Equal(0, await RunAsync("import", source));
        Assert.Equal(0, await RunAsync("export", "--output", copy));
        Assert.Equal(lines, await File.ReadAllLinesAsync(copy, TestContext.Current.CancellationToken));

        var lockFile = Path.Combine(_cli.Folder, "lock.json");
        Assert.Equal(0, await RunAsync("resolve", "cli-app", "--output", lockFile));
        Assert.Contains("1.2.0", await File.ReadAllTextAsync(lockFile, TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Equal(0, await RunAsync("why", "cli-lib", "--for", "cli-app"));
    }

    [Fact]
    public async Task A_file_with_a_bad_line_ends_with_1_and_imports_the_rest()
    {
        var source = Path.Combine(_cli.Folder, "bad.ndjson");
        await File.WriteAllTextAsync(source, $"nonsense\n{Sample.Manifest("cli-good")}\n", TestContext.Current.CancellationToken);
        Assert.Equal(1, await RunAsync("import", source));
        Assert.Equal(0, await RunAsync("show", "cli-good"));
    }

    [Theory]
    [InlineData(1, "resolve", "cli-nothing")]
    [InlineData(1, "show", "cli-nothing")]
    [InlineData(2, "resolve")]
    [InlineData(2, "rezolve", "x")]
    [InlineData(3, "resolve", "x@not-a-range")]
    [InlineData(0, "search", "anything")]
    public async Task The_exit_code_says_how_it_ended(int expected, params string[] arguments) => Assert.Equal(expected, await RunAsync(arguments));

    [Fact]
    public async Task A_server_that_is_not_there_is_4() => Assert.Equal(4, await RunAsync("search", "x", "--url", "http://127.0.0.1:1"));

    private async Task<int> RunAsync(params string[] arguments)
    {
        _cli.Environment["REGISTRY_URL"] = registry.App.Http.BaseAddress!.ToString();
        _cli.Environment["REGISTRY_TOKEN"] = await registry.App.Tokens.OfAsync(_tenant);
        return (await _cli.RunAsync(arguments)).ExitCode;
    }
}
