using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using CapabilityRegistry.Cli.Http;
using CapabilityRegistry.Cli.Logins;
using Spectre.Console;

namespace CapabilityRegistry.Cli;

/// <summary>What one run of a command works with: the registry to ask, as whom, and where to write.</summary>
internal sealed class Session
{
    /// <summary>How wide to write where there is no terminal that has a width.</summary>
    private const int WidthOfFiles = 120;

    /// <summary>The same for notices: a line that is broken is hard to search for, and a command in it hard to copy.</summary>
    private const int WidthOfLogs = 100_000;

    public Session(Surroundings surroundings, Connection connection, string? tenant, bool json, bool noColor)
    {
        (Surroundings, Connection, Tenant, Json) = (surroundings, connection, tenant, json);
        Output = Open(surroundings.Output, noColor, WidthOfFiles);
        Notices = Open(surroundings.Error, noColor, WidthOfLogs);
        Store = new(surroundings);
        Source = EnvironmentLogins.Find(this) ?? (ILoginSource)new StoredLogins(this);
        var identity = new Identity(Source, new(connection, Clock), Clock);
        Client = new(connection, identity, new(Clock, message => Notices.Say(message)));
    }

    public Surroundings Surroundings { get; }

    /// <summary>The registry, to be asked as nobody.</summary>
    public Connection Connection { get; }

    /// <summary>The registry, to be asked as whoever is logged in.</summary>
    public RegistryClient Client { get; }

    /// <summary>The tenant that was asked for; null when any will do.</summary>
    public string? Tenant { get; }

    public CredentialStore Store { get; }

    public ILoginSource Source { get; }

    /// <summary>Whether standard output is to carry JSON and nothing else.</summary>
    public bool Json { get; }

    public TimeProvider Clock => Surroundings.Clock;

    /// <summary>Standard output, for what was asked.</summary>
    public IAnsiConsole Output { get; }

    /// <summary>Standard error, for progress and problems.</summary>
    public IAnsiConsole Notices { get; }

    public async Task WriteJsonAsync(ReadOnlyMemory<byte> utf8, CancellationToken cancellationToken)
    {
        await using var output = Surroundings.OpenOutput();
        await output.WriteAsync(utf8, cancellationToken);
        await output.WriteAsync("\n"u8.ToArray(), cancellationToken);
    }

    public Task WriteJsonAsync<T>(T value, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        WriteJsonAsync(JsonSerializer.SerializeToUtf8Bytes(value, type), cancellationToken);

    private static IAnsiConsole Open(TextWriter writer, bool noColor, int width)
    {
        var console = AnsiConsole.Create(new()
        {
            Out = new AnsiConsoleOutput(writer),
            ColorSystem = noColor ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
        });
        if (!console.Profile.Out.IsTerminal)
        {
            console.Profile.Width = width;
        }

        return console;
    }
}
