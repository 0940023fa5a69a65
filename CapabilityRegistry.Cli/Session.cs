using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using CapabilityRegistry.Cli.Http;
using Spectre.Console;

namespace CapabilityRegistry.Cli;

/// <summary>What one run of a command works with: the registry to ask, and where to write.</summary>
internal sealed class Session(RegistryClient client, bool json, bool noColor, TimeProvider clock)
{
    /// <summary>How wide to write where there is no terminal that has a width.</summary>
    private const int WidthOfFiles = 120;

    public RegistryClient Client { get; } = client;

    /// <summary>Whether standard output is to carry JSON and nothing else.</summary>
    public bool Json { get; } = json;

    public TimeProvider Clock { get; } = clock;

    /// <summary>Standard output, for what was asked.</summary>
    public IAnsiConsole Output { get; } = Open(Console.Out, noColor);

    /// <summary>Standard error, for progress and problems.</summary>
    public IAnsiConsole Notices { get; } = Open(Console.Error, noColor);

    public static async Task WriteJsonAsync(ReadOnlyMemory<byte> utf8, CancellationToken cancellationToken)
    {
        await using var output = Console.OpenStandardOutput();
        await output.WriteAsync(utf8, cancellationToken);
        await output.WriteAsync("\n"u8.ToArray(), cancellationToken);
    }

    public static Task WriteJsonAsync<T>(T value, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        WriteJsonAsync(JsonSerializer.SerializeToUtf8Bytes(value, type), cancellationToken);

    private static IAnsiConsole Open(TextWriter writer, bool noColor)
    {
        var console = AnsiConsole.Create(new()
        {
            Out = new AnsiConsoleOutput(writer),
            ColorSystem = noColor ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
        });
        if (!console.Profile.Out.IsTerminal)
        {
            console.Profile.Width = WidthOfFiles;
        }

        return console;
    }
}
