using System.Text;
using CapabilityRegistry.Cli;

namespace CapabilityRegistry.Tests.Cli;

/// <summary>How a command ended and what it wrote.</summary>
internal sealed record Run(int ExitCode, string Output, string Error);

/// <summary>The command line in surroundings of its own: a folder, an environment, standard input, a clock. No run may show what is secret.</summary>
internal sealed class CommandLine : IDisposable
{
    private readonly List<string> _secrets = [];

    public string Folder { get; } = Directory.CreateTempSubdirectory("registry-cli-").FullName;

    public string ConfigFolder => Path.Combine(Folder, "config");

    public string StoreFile => Path.Combine(ConfigFolder, "credentials.json");

    public Dictionary<string, string> Environment { get; } = new(StringComparer.Ordinal);

    /// <summary>What a pipe brings; null for a terminal.</summary>
    public string? Input { get; set; }

    /// <summary>What is typed at the terminal, without the Enter at its end; a backspace is one.</summary>
    public string Typed { get; set; } = "";

    public TimeProvider Clock { get; set; } = TimeProvider.System;

    public CommandLine Guard(params IEnumerable<string> secrets)
    {
        _secrets.AddRange(secrets);
        return this;
    }

    public async Task<Run> RunAsync(params string[] arguments)
    {
        using var output = new MemoryStream();
        await using var error = new StringWriter();
        await using (var writer = new StreamWriter(output, new UTF8Encoding(false), leaveOpen: true) { AutoFlush = true })
        {
            var exitCode = await RegistryCommand.RunAsync(arguments, Surroundings(writer, error));
            var run = new Run(exitCode, Encoding.UTF8.GetString(output.ToArray()), error.ToString());
            Assert.All(_secrets, secret => Assert.DoesNotContain(secret, run.Output + run.Error, StringComparison.Ordinal));
            return run;
        }
    }

    /// <summary>Runs a command that is to end well.</summary>
    public async Task<Run> SucceedAsync(params string[] arguments)
    {
        var run = await RunAsync(arguments);
        Assert.True(run.ExitCode == 0, run.Error + run.Output);
        return run;
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private Surroundings Surroundings(StreamWriter output, TextWriter error)
    {
        var keys = new Queue<ConsoleKeyInfo>([.. Typed.Select(Key), new('\r', ConsoleKey.Enter, false, false, false)]);
        return new()
        {
            Environment = name => name == "REGISTRY_CONFIG_DIR" ? ConfigFolder : Environment.GetValueOrDefault(name),
            Output = output,
            Error = error,
            OpenInput = () => new MemoryStream(Encoding.UTF8.GetBytes(Input ?? "")),
            OpenOutput = () => new Unclosed(output.BaseStream),
            IsInteractive = Input is null,
            ReadKey = keys.Dequeue,
            Clock = Clock,
        };
    }

    private static ConsoleKeyInfo Key(char character) => new(character, character == '\b' ? ConsoleKey.Backspace : default, false, false, false);

    /// <summary>Standard output outlives whoever writes to it.</summary>
    private sealed class Unclosed(Stream inner) : MemoryStream
    {
        public override void Write(byte[] buffer, int offset, int count) => inner.Write(buffer, offset, count);

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => inner.WriteAsync(buffer, cancellationToken);
    }
}
