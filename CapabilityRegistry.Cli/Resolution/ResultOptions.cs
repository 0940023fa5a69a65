using System.CommandLine;
using CapabilityRegistry.Cli.Http;

namespace CapabilityRegistry.Cli.Resolution;

/// <summary>What commands that end in a resolution do with it, and the options for that.</summary>
internal sealed class ResultOptions
{
    private readonly Option<int> _depth = new("--depth")
    {
        Description = "How many levels of the dependency tree to show",
        HelpName = "N",
        DefaultValueFactory = _ => 3,
    };

    private readonly Option<FileInfo?> _output = new("--output", "-o") { Description = "Write the lock to this file", HelpName = "FILE" };

    public ResultOptions() =>
        _depth.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() < 1)
            {
                result.AddError("--depth must be at least 1.");
            }
        });

    public void AddTo(Command command)
    {
        command.Add(_depth);
        command.Add(_output);
    }

    public async Task<int> WriteAsync(ParseResult parsed, Session session, Answer<ResolutionAnswer> answer, CancellationToken cancellationToken)
    {
        if (parsed.GetValue(_output) is { } file && answer.Value.IsResolved)
        {
            await LockFile.WriteAsync(file, answer.Json, cancellationToken);
        }

        if (session.Json)
        {
            await session.WriteJsonAsync(answer.Json, cancellationToken);
        }
        else
        {
            ResolutionView.Write(session.Output, answer.Value, parsed.GetValue(_depth));
        }

        return answer.Value.IsResolved ? ExitCodes.Ok : ExitCodes.Negative;
    }
}
