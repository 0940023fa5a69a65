namespace CapabilityRegistry.Cli;

/// <summary>What the process finds around it. Handed down rather than reached for, so that each test has surroundings of its own.</summary>
internal sealed class Surroundings
{
    public Func<string, string?> Environment { get; init; } = System.Environment.GetEnvironmentVariable;

    public TextWriter Output { get; init; } = Console.Out;

    public TextWriter Error { get; init; } = Console.Error;

    public Func<Stream> OpenInput { get; init; } = Console.OpenStandardInput;

    public Func<Stream> OpenOutput { get; init; } = Console.OpenStandardOutput;

    /// <summary>Whether standard input is a terminal, with someone to ask.</summary>
    public bool IsInteractive { get; init; } = !Console.IsInputRedirected;

    /// <summary>The next key that is pressed, which the terminal does not show.</summary>
    public Func<ConsoleKeyInfo> ReadKey { get; init; } = () => Console.ReadKey(intercept: true);

    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>A variable of the environment; null when it is empty, for that is how scripts say that there is none.</summary>
    public string? Variable(string name) => Environment(name) is { Length: > 0 } value ? value : null;
}
