using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace CapabilityRegistry.Cli;

/// <summary>The usual help with the meaning of the exit codes below it.</summary>
internal sealed class HelpWithExitCodes(HelpAction usual) : SynchronousCommandLineAction
{
    private const string ExitCodeText = """
        Exit codes:
          0    ok
          1    a negative answer: impossible, unknown, not found, lines that failed, or an audit that is not what it was
          2    wrong usage, or a local file that cannot be read or written
          3    the registry refused
          4    the registry cannot be reached, or what answers is no registry
          5    not logged in, or the registry does not accept the login
          130  cancelled
        """;

    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        usual.Invoke(parseResult);
        parseResult.InvocationConfiguration.Output.WriteLine(ExitCodeText);
        return ExitCodes.Ok;
    }
}
