using System.Text;
using CapabilityRegistry.ServiceDefaults.Configuration;

namespace CapabilityRegistry.Tests.ServiceDefaults.Configuration;

/// <summary>The table of docs/configuration.md is made of the declarations.</summary>
public sealed class ConfigurationDocumentTests
{
    private const string Begin = "<!-- Made of GuideVariables.cs by ConfigurationDocumentTests. -->\n";
    private const string End = "<!-- End of what is made. -->\n";

    /// <summary>After a deliberate change: run with UPDATE_SNAPSHOTS=1, and read the difference.</summary>
    [Fact]
    public async Task The_documented_variables_are_the_declared_ones()
    {
        if (Environment.GetEnvironmentVariable("UPDATE_SNAPSHOTS") == "1")
        {
            var source = SourceOf("configuration.md");
            await File.WriteAllTextAsync(source, WithTable(await File.ReadAllTextAsync(source, TestContext.Current.CancellationToken)), TestContext.Current.CancellationToken);
            return;
        }

        var file = Path.Combine(AppContext.BaseDirectory, "ServiceDefaults", "Configuration", "configuration.md");
        var committed = (await File.ReadAllTextAsync(file, Encoding.UTF8, TestContext.Current.CancellationToken)).ReplaceLineEndings("\n");
        Assert.Equal(WithTable(committed), committed);
    }

    private static string WithTable(string document)
    {
        var (begin, end) = (document.IndexOf(Begin, StringComparison.Ordinal), document.IndexOf(End, StringComparison.Ordinal));
        Assert.True(begin >= 0 && end > begin, "The document has no place for the table.");
        return $"{document[..(begin + Begin.Length)]}\n{Table()}\n{document[end..]}";
    }

    private static string Table()
    {
        var table = new StringBuilder("| variable | what it sets | value | without it | our key | since |\n| --- | --- | --- | --- | --- | --- |\n");
        foreach (var variable in GuideVariables.All)
        {
            var home = variable.Keys.Length > 0 ? string.Join(", ", variable.Keys.Select(key => $"`{key}`")) : variable.Home;
            table.Append($"| `{variable.Name}`{(variable.IsSecret ? " (secret)" : "")} | {variable.Sets} | {ValueOf(variable)} | {variable.Default} | {home} | {variable.Since} |\n");
        }

        return table.ToString();
    }

    /// <summary>URLs have a section of their own.</summary>
    private static string ValueOf(GuideVariable variable) =>
        variable.Kind == VariableKind.DatabaseUrl || variable.Kind == VariableKind.RedisUrl ? "see [Connection URLs](#connection-urls)" : variable.Kind.Expected;

    private static string SourceOf(string file, [System.Runtime.CompilerServices.CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "..", "docs", file);
}
