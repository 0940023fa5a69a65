namespace CapabilityRegistry.Tests.Cli;

/// <summary>A registry that wants tokens, and a command line that knows where it is.</summary>
public abstract class LoginTestBase : IAsyncLifetime
{
    internal TokenRegistry Registry { get; private set; } = null!;

    internal CommandLine Cli { get; } = new();

    public async ValueTask InitializeAsync()
    {
        Registry = await TokenRegistry.StartAsync();
        Cli.Environment["REGISTRY_URL"] = Registry.Url;
    }

    public ValueTask DisposeAsync()
    {
        Cli.Dispose();
        GC.SuppressFinalize(this);
        return Registry.DisposeAsync();
    }

    /// <summary>Logs in with the secret on standard input, and from then on nothing may show a secret.</summary>
    internal async Task<Run> LogInAsync(params string[] arguments)
    {
        Cli.Input = Registry.Secret + "\n";
        var run = await Cli.SucceedAsync(["login", "--client-id", TokenRegistry.Client, .. arguments]);
        Cli.Guard(Registry.Secrets());
        return run;
    }

    internal string Stored() => File.ReadAllText(Cli.StoreFile);
}
