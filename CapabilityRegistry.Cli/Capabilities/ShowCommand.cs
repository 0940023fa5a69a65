using System.CommandLine;
using CapabilityRegistry.Cli.Http;

namespace CapabilityRegistry.Cli.Capabilities;

/// <summary><c>show CODE</c></summary>
internal static class ShowCommand
{
    private const int MostVersions = 100;

    public static Command Create(GlobalOptions global)
    {
        var code = new Argument<string>("CODE") { Description = "The capability's code" };
        var command = new Command("show", "Show a capability: what it is, its versions, what it needs and what it offers.") { code };
        global.SetAction(command, (parsed, session, cancellationToken) => RunAsync(session, parsed.GetRequiredValue(code), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(Session session, string code, CancellationToken cancellationToken)
    {
        var capability = await session.Client.GetAsync(Address.Of("api/capabilities", code), RegistryJson.Default.CapabilityDetails, cancellationToken);
        if (session.Json)
        {
            await session.WriteJsonAsync(capability.Json, cancellationToken);
            return ExitCodes.Ok;
        }

        var address = Address.With(Address.Of("api/capabilities", code, "/versions"), ("per_page", $"{MostVersions}"));
        var versions = await session.Client.GetAsync(address, RegistryJson.Default.ListPageVersionRow, cancellationToken);
        CapabilityView.Write(session.Output, capability.Value, versions.Value);
        return ExitCodes.Ok;
    }
}
