using System.CommandLine;
using CapabilityRegistry.Cli.Http;
using Spectre.Console;

namespace CapabilityRegistry.Cli.Health;

/// <summary><c>health</c></summary>
internal static class HealthCommand
{
    public static Command Create(GlobalOptions global)
    {
        var anonymous = new Option<bool>("--anonymous") { Description = "Check only what can be seen without a login" };
        var days = new Option<int>("--tls-days") { Description = "For how many days a certificate has to be good", HelpName = "N", DefaultValueFactory = _ => 14 };
        var timeout = new Option<int>("--timeout") { Description = "The most seconds that a check may take", HelpName = "SECONDS", DefaultValueFactory = _ => 10 };
        timeout.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > 300)
            {
                result.AddError("--timeout is from 1 to 300 seconds.");
            }
        });
        var command = new Command("health", "Check the registry: does it answer, are its components well, does the login work, can it be read, is its certificate good. 1 if something is not.") { anonymous, days, timeout };
        global.SetAction(command, async (parsed, session, cancellationToken) =>
        {
            var checkup = new Checkup(session, TimeSpan.FromSeconds(parsed.GetValue(timeout)));
            await checkup.HttpAsync(cancellationToken);
            await checkup.CertificateAsync(parsed.GetValue(days), cancellationToken);
            if (!parsed.GetValue(anonymous))
            {
                await checkup.TokenAsync(cancellationToken);
                await checkup.ReadAsync(cancellationToken);
            }

            return await WriteAsync(session, checkup.Report(), cancellationToken);
        });
        return command;
    }

    private static async Task<int> WriteAsync(Session session, HealthReport report, CancellationToken cancellationToken)
    {
        if (session.Json)
        {
            await session.WriteJsonAsync(report, RegistryJson.Default.HealthReport, cancellationToken);
        }
        else
        {
            Show(session.Output, report);
        }

        return report.Status == Check.Unhealthy ? ExitCodes.Negative : ExitCodes.Ok;
    }

    private static void Show(IAnsiConsole output, HealthReport report)
    {
        var table = new Table().AddColumns("Check", "Status", "ms", "");
        foreach (var check in report.Checks)
        {
            var colour = check.Status switch { Check.Healthy => Color.Green, Check.Degraded => Color.Yellow, _ => Color.Red };
            table.AddRow(Shown.Text(check.Name, Shown.Strong), Shown.Text(check.Status, new(colour)), Shown.Text($"{check.DurationMs:0.#}"), Shown.Text(check.Reason));
        }

        output.Write(table);
        output.Say($"The registry is {report.Status}.");
    }
}
