using System.CommandLine;
using CapabilityRegistry.Cli.Http;
using Spectre.Console;

namespace CapabilityRegistry.Cli.Compositions;

/// <summary><c>compositions</c></summary>
internal static class CompositionsCommand
{
    public static Command Create(GlobalOptions global)
    {
        var page = new PageOptions();
        var command = new Command("compositions", "List the compositions.");
        page.AddTo(command);
        global.SetAction(command, (parsed, session, cancellationToken) =>
            RunAsync(session, Address.With("api/compositions", ("page", page.Page(parsed)), ("per_page", page.PerPage(parsed))), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(Session session, string address, CancellationToken cancellationToken)
    {
        var answer = await session.Client.GetAsync(address, RegistryJson.Default.ListPageCompositionRow, cancellationToken);
        if (session.Json)
        {
            await session.WriteJsonAsync(answer.Json, cancellationToken);
            return ExitCodes.Ok;
        }

        if (answer.Value.Items is { Count: > 0 } items)
        {
            var table = new Table().AddColumns("Id", "Name", "Type");
            foreach (var item in items)
            {
                table.AddRow(Shown.Text(item.CompositionId), Shown.Text(item.Name, Shown.Strong), Shown.Text(item.CompositionType));
            }

            session.Output.Write(table);
        }

        session.Output.Say(answer.Value.ToString());
        return ExitCodes.Ok;
    }
}
