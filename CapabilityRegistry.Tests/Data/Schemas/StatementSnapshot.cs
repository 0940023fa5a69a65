using System.Runtime.CompilerServices;

namespace CapabilityRegistry.Tests.Data.Schemas;

/// <summary>The statements that a release sends, as they are committed: each after a line with the types of its parameters.</summary>
/// <param name="Migration">The last migration that the release knew.</param>
/// <param name="Statements">The statements.</param>
internal sealed record StatementSnapshot(string Migration, IReadOnlyList<Statement> Statements)
{
    private const string Prefix = "statements-of-";
    private const string Before = "\n-- parameters: ";

    /// <summary>All that are committed.</summary>
    public static IReadOnlyList<StatementSnapshot> All { get; } =
        [.. Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "Data", "Schemas"), $"{Prefix}*.sql").Order(StringComparer.Ordinal).Select(Read)];

    public static StatementSnapshot Of(string migration) => All.Single(s => s.Migration == migration);

    /// <summary>Writes it beside this source.</summary>
    public Task WriteAsync(CancellationToken cancellationToken)
    {
        var statements = Statements.OrderBy(s => s.Text, StringComparer.Ordinal).ThenBy(s => s.Types, StringComparer.Ordinal).Select(s => $"{Before}{s.Types}\n{s.Text}\n");
        return File.WriteAllTextAsync(Path.Combine(FolderOf(), $"{Prefix}{Migration}.sql"), $"-- What API and worker send; made by StatementTests (docs/adr/0018).\n{string.Concat(statements)}", cancellationToken);
    }

    private static StatementSnapshot Read(string file) =>
        new(Path.GetFileNameWithoutExtension(file)[Prefix.Length..], [.. File.ReadAllText(file).ReplaceLineEndings("\n").Split(Before).Skip(1).Select(ReadOne)]);

    private static Statement ReadOne(string part)
    {
        var end = part.IndexOf('\n', StringComparison.Ordinal);
        return new(part[(end + 1)..].Trim(), part[..end]);
    }

    private static string FolderOf([CallerFilePath] string here = "") => Path.GetDirectoryName(here)!;
}
