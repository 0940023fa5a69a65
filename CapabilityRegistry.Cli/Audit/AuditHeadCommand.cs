using System.CommandLine;
using CapabilityRegistry.Cli.Http;

namespace CapabilityRegistry.Cli.Audit;

/// <summary><c>audit head</c></summary>
internal static class AuditHeadCommand
{
    public static Command Create(GlobalOptions global)
    {
        var output = new Option<FileInfo?>("--output", "-o") { Description = "Write the head to this file, for verify --head", HelpName = "FILE" };
        var command = new Command("head", "Show the end of the audit chain. Noted outside of the registry it proves later that nothing before it was changed.") { output };
        global.SetAction(command, (parsed, session, cancellationToken) => RunAsync(session, parsed.GetValue(output), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(Session session, FileInfo? output, CancellationToken cancellationToken)
    {
        var head = await session.Client.GetAsync("api/audit/head", RegistryJson.Default.AuditHead, cancellationToken);
        if (output is not null)
        {
            await File.WriteAllBytesAsync(output.FullName, head.Json, cancellationToken);
        }

        if (session.Json)
        {
            await session.WriteJsonAsync(head.Json, cancellationToken);
            return ExitCodes.Ok;
        }

        session.Output.Say(head.Value.Anchor);
        session.Notices.Say(head.Value.ToString());
        return ExitCodes.Ok;
    }
}
