using System.CommandLine;
using CapabilityRegistry.Cli.Http;

namespace CapabilityRegistry.Cli.Resolution;

/// <summary><c>why CODE</c></summary>
internal static class WhyCommand
{
    public static Command Create(GlobalOptions global)
    {
        var code = new Argument<string>("CODE") { Description = "The capability, or a service that one provides" };
        var composition = new Option<string?>("--composition") { Description = "Look in the stored lock of this composition", HelpName = "ID" };
        var requirements = new Option<Requirement[]>("--for")
        {
            Description = "Look in what these requirements resolve to",
            HelpName = "CODE@RANGE",
            Arity = ArgumentArity.OneOrMore,
            AllowMultipleArgumentsPerToken = true,
            CustomParser = Requirement.ParseAll,
        };
        var command = new Command("why", "Say why a capability is part of a result.") { code, composition, requirements };
        command.Validators.Add(given =>
        {
            if (given.GetResult(composition) is null == given.GetResult(requirements) is null)
            {
                given.AddError("Say where to look, with either --composition or --for.");
            }
        });
        global.SetAction(command, async (parsed, session, cancellationToken) =>
        {
            var answer = parsed.GetValue(composition) is { } id
                ? await LockCommand.ReadAsync(session, id, cancellationToken)
                : await ResolveAsync(session, parsed.GetRequiredValue(requirements), cancellationToken);
            return await WriteAsync(session, parsed.GetRequiredValue(code), answer, cancellationToken);
        });
        return command;
    }

    private static Task<Answer<ResolutionAnswer>> ResolveAsync(Session session, Requirement[] requirements, CancellationToken cancellationToken) =>
        session.Client.AskAsync(
            ResolveCommand.Path,
            new(requirements, ["recommended"]),
            RegistryJson.Default.ResolveRequest,
            RegistryJson.Default.ResolutionAnswer,
            cancellationToken);

    private static async Task<int> WriteAsync(Session session, string code, Answer<ResolutionAnswer> answer, CancellationToken cancellationToken)
    {
        var chain = ReasonChain.To(code, answer.Value.Lock);
        if (session.Json)
        {
            await session.WriteJsonAsync(answer.Json, cancellationToken);
        }
        else if (!answer.Value.IsResolved)
        {
            ResolutionView.WriteFailure(session.Output, answer.Value);
        }
        else
        {
            foreach (var sentence in chain ?? [$"{code} is not part of the result."])
            {
                session.Output.Say(sentence);
            }
        }

        return chain is null ? ExitCodes.Negative : ExitCodes.Ok;
    }
}
