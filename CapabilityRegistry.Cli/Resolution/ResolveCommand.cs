using System.CommandLine;
using CapabilityRegistry.Cli.Http;

namespace CapabilityRegistry.Cli.Resolution;

/// <summary><c>resolve CODE@RANGE...</c></summary>
internal static class ResolveCommand
{
    public const string Path = "api/dependencies/resolve";

    public static Command Create(GlobalOptions global)
    {
        var requirements = new Argument<Requirement[]>("CODE@RANGE")
        {
            Description = "What is needed, such as checkout@^2.1.0; CODE alone means any version",
            Arity = ArgumentArity.OneOrMore,
            CustomParser = Requirement.ParseAll,
        };
        var include = new IncludeOptions();
        var budget = new Option<int?>("--budget-ms") { Description = "The most milliseconds to spend on it", HelpName = "N" };
        var keep = new Option<FileInfo?>("--lock") { Description = "Keep the versions of this lock where possible", HelpName = "FILE" };
        var result = new ResultOptions();
        var command = new Command("resolve", "Find versions that work together, or learn why there are none.") { requirements, budget, keep };
        include.AddTo(command);
        result.AddTo(command);
        global.SetAction(command, async (parsed, session, cancellationToken) =>
        {
            var locked = parsed.GetValue(keep) is { } file ? await LockFile.ReadAsync(file, cancellationToken) : null;
            var request = new ResolveRequest(parsed.GetRequiredValue(requirements), include.Words(parsed), parsed.GetValue(budget), locked);
            var answer = await session.Client.AskAsync(
                Path, request, RegistryJson.Default.ResolveRequest, RegistryJson.Default.ResolutionAnswer, cancellationToken);
            return await result.WriteAsync(parsed, session, answer, cancellationToken);
        });
        return command;
    }
}
