using System.Globalization;
using CapabilityRegistry.Cli.Http;
using Spectre.Console;

namespace CapabilityRegistry.Cli.Capabilities;

/// <summary>Shows one capability to people.</summary>
internal static class CapabilityView
{
    private static readonly string[] DependencyTypes = ["required", "recommended", "optional", "enhancing", "conflicting"];

    public static void Write(IAnsiConsole console, CapabilityDetails capability, ListPage<VersionRow> versions)
    {
        console.Write(new Panel(Fields(capability)) { Header = new($" {Shown.Markup(capability.CapabilityCode)} "), Border = BoxBorder.Rounded });
        console.Write(Versions(versions));
        if (versions.TotalCount > versions.Items?.Count)
        {
            console.Say($"and {versions.TotalCount - versions.Items.Count:N0} older versions");
        }

        console.Write(Dependencies(capability));
        if (capability.ProvidesServices is { Count: > 0 } services)
        {
            console.Write(Branch("Provides", services));
        }
    }

    private static Grid Fields(CapabilityDetails capability)
    {
        var grid = new Grid().AddColumns(new GridColumn().NoWrap(), new GridColumn());
        foreach (var (name, value) in FieldsOf(capability))
        {
            if (value is { Length: > 0 })
            {
                grid.AddRow(new Text(name, Shown.Dim), Shown.Text(value));
            }
        }

        return grid;
    }

    private static (string Name, string? Value)[] FieldsOf(CapabilityDetails capability) =>
    [
        ("Name", capability.CapabilityName),
        ("Latest", capability.Version),
        ("Status", capability.Status),
        ("Category", string.Join(" / ", new[] { capability.Category, capability.Subcategory }.Where(part => part is { Length: > 0 }))),
        ("Description", capability.Description),
        ("", capability.LongDescription),
        ("Keywords", string.Join(", ", capability.CompositionKeywords ?? [])),
        ("Documentation", capability.DocumentationPath),
        ("Repository", capability.RepositoryUrl),
        ("Quality", capability.QualityScore?.ToString("0.00", CultureInfo.InvariantCulture)),
        ("Updated", Time(capability.UpdatedAt)),
    ];

    private static Table Versions(ListPage<VersionRow> versions)
    {
        var table = new Table { Border = TableBorder.Simple }.AddColumns("Version", "Lifecycle", "Published", "");
        foreach (var version in versions.Items ?? [])
        {
            table.AddRow(
                Shown.Text(version.Version, version.Lifecycle?.State is Lifecycle.Active ? Shown.Strong : Shown.Dim),
                Shown.Text(version.Lifecycle?.State),
                Shown.Text(Time(version.CreatedAt)),
                Shown.Text(version.Lifecycle?.Remark));
        }

        return table;
    }

    private static Tree Dependencies(CapabilityDetails capability)
    {
        var dependencies = capability.Dependencies ?? [];
        var tree = new Tree(dependencies.Count == 0 ? "Depends on nothing" : "Dependencies");
        foreach (var type in dependencies.GroupBy(d => d.DependencyType ?? "required").OrderBy(g => Array.IndexOf(DependencyTypes, g.Key)))
        {
            tree.AddNode(Branch(type.Key, type));
        }

        return tree;
    }

    private static Tree Branch<T>(string title, IEnumerable<T> items)
    {
        var tree = new Tree(Shown.Text(title));
        tree.AddNodes(items.Select(item => Shown.Text(item?.ToString())));
        return tree;
    }

    private static string? Time(DateTimeOffset? time) => time?.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
}
