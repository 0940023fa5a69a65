using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using CapabilityRegistry.Cli.Audit;
using CapabilityRegistry.Cli.Capabilities;
using CapabilityRegistry.Cli.Compositions;
using CapabilityRegistry.Cli.Health;
using CapabilityRegistry.Cli.Importing;
using CapabilityRegistry.Cli.Logins;
using CapabilityRegistry.Cli.Resolution;

namespace CapabilityRegistry.Cli;

/// <summary>The command line: its contents page and how it is run.</summary>
internal static class RegistryCommand
{
    public static RootCommand Create(Surroundings surroundings)
    {
        var global = new GlobalOptions(surroundings);
        var root = new RootCommand("Client of a Capability Registry: fill it, look things up in it, and ask what works together.")
        {
            LoginCommand.Create(global),
            LogoutCommand.Create(global),
            WhoAmICommand.Create(global),
            ImportCommand.Create(global),
            ExportCommand.Create(global),
            SearchCommand.Create(global),
            ShowCommand.Create(global),
            ResolveCommand.Create(global),
            LockCommand.Create(global),
            WhyCommand.Create(global),
            CompositionsCommand.Create(global),
            AuditCommand.Create(global),
            HealthCommand.Create(global),
        };
        global.AddTo(root);
        foreach (var help in root.Options.OfType<HelpOption>())
        {
            help.Action = new HelpWithExitCodes((HelpAction)help.Action!);
        }

        return root;
    }

    public static async Task<int> RunAsync(string[] arguments, Surroundings? given = null)
    {
        var surroundings = given ?? new();
        // A word that begins with @ is a slip of the keyboard in CODE@RANGE here, never a file of arguments.
        var parsed = Create(surroundings).Parse(arguments, new() { ResponseFileTokenReplacer = null });
        var invocation = new InvocationConfiguration { EnableDefaultExceptionHandler = false, Output = surroundings.Output, Error = surroundings.Error };
        if (parsed.Action is not ParseErrorAction wrong)
        {
            return await parsed.InvokeAsync(invocation);
        }

        wrong.ShowHelp = false;
        await parsed.InvokeAsync(invocation);
        return ExitCodes.Usage;
    }
}
