using System.CommandLine;
using CapabilityRegistry.Cli.Http;

namespace CapabilityRegistry.Cli.Resolution;

/// <summary><c>lock COMPOSITION</c></summary>
internal static class LockCommand
{
    public static Command Create(GlobalOptions global)
    {
        var composition = new Argument<string>("COMPOSITION") { Description = "The composition's id" };
        var update = new Option<string>("--update")
        {
            Description = "What may change in a stored lock: none while it still holds, minimal to change as little as possible, all to resolve anew",
            DefaultValueFactory = _ => "minimal",
        };
        update.AcceptOnlyFromAmong("none", "minimal", "all");
        var read = new Option<bool>("--read") { Description = "Show the stored lock and change nothing" };
        var result = new ResultOptions();
        var command = new Command("lock", "Compute and store the lock of a composition.") { composition, update, read };
        result.AddTo(command);
        command.Validators.Add(given =>
        {
            if (given.GetValue(read) && given.GetResult(update) is { Implicit: false })
            {
                given.AddError("--read changes nothing, so it cannot go with --update.");
            }
        });
        global.SetAction(command, async (parsed, session, cancellationToken) =>
        {
            var id = parsed.GetRequiredValue(composition);
            var answer = parsed.GetValue(read)
                ? await ReadAsync(session, id, cancellationToken)
                : await ComputeAsync(session, id, parsed.GetRequiredValue(update), cancellationToken);
            return await result.WriteAsync(parsed, session, answer, cancellationToken);
        });
        return command;
    }

    /// <summary>The stored lock of a composition.</summary>
    public static Task<Answer<ResolutionAnswer>> ReadAsync(Session session, string composition, CancellationToken cancellationToken) =>
        session.Client.GetAsync(AddressOf(composition), RegistryJson.Default.ResolutionAnswer, cancellationToken);

    private static Task<Answer<ResolutionAnswer>> ComputeAsync(Session session, string composition, string update, CancellationToken cancellationToken) =>
        session.Client.PostAsync(Address.With(AddressOf(composition), ("update", update)), RegistryJson.Default.ResolutionAnswer, cancellationToken);

    private static string AddressOf(string composition) => Address.Of("api/compositions", composition, "/lock");
}
