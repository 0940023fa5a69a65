using System.CommandLine;
using CapabilityRegistry.Cli.Http;
using Spectre.Console;

namespace CapabilityRegistry.Cli.Capabilities;

/// <summary><c>search WORDS...</c></summary>
internal static class SearchCommand
{
    public static Command Create(GlobalOptions global)
    {
        var words = new Argument<string[]>("WORDS") { Description = "What to look for; everything when there are none", Arity = ArgumentArity.ZeroOrMore };
        var category = new Option<string?>("--category") { Description = "Only capabilities of this category", HelpName = "NAME" };
        var page = new PageOptions();
        var command = new Command("search", "Find capabilities.") { words, category };
        page.AddTo(command);
        global.SetAction(command, (parsed, session, cancellationToken) =>
        {
            var address = Address.With(
                "api/capabilities",
                ("search", string.Join(' ', parsed.GetValue(words) ?? [])),
                ("category", parsed.GetValue(category)),
                ("page", page.Page(parsed)),
                ("per_page", page.PerPage(parsed)));
            return RunAsync(session, address, cancellationToken);
        });
        return command;
    }

    private static async Task<int> RunAsync(Session session, string address, CancellationToken cancellationToken)
    {
        var answer = await session.Client.GetAsync(address, RegistryJson.Default.ListPageCapabilityRow, cancellationToken);
        if (session.Json)
        {
            await session.WriteJsonAsync(answer.Json, cancellationToken);
            return ExitCodes.Ok;
        }

        if (answer.Value.Items is { Count: > 0 } items)
        {
            session.Output.Write(Table(items));
        }

        session.Output.Say(answer.Value.ToString());
        return ExitCodes.Ok;
    }

    private static Table Table(IReadOnlyList<CapabilityRow> items)
    {
        var table = new Table().AddColumns("Code", "Version", "Category", "Status", "Description");
        foreach (var item in items)
        {
            table.AddRow(
                Shown.Text(item.CapabilityCode, Shown.Strong),
                Shown.Text(item.LatestVersion),
                Shown.Text(item.Category),
                Shown.Text(item.Status),
                Shown.Text(item.Description));
        }

        return table;
    }
}
