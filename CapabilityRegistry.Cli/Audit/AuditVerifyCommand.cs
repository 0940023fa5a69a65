using System.CommandLine;
using System.Text.Json;
using CapabilityRegistry.Cli.Http;
using Spectre.Console;

namespace CapabilityRegistry.Cli.Audit;

/// <summary><c>audit verify</c></summary>
internal static class AuditVerifyCommand
{
    public static Command Create(GlobalOptions global)
    {
        var from = new Option<long?>("--from") { Description = "The first link, from 0; the beginning when not given", HelpName = "N" };
        var to = new Option<long?>("--to") { Description = "The last link; the end when not given", HelpName = "N" };
        var head = new Option<FileInfo?>("--head") { Description = "A head that audit head wrote earlier; what was before it must still be so", HelpName = "FILE" };
        var command = new Command("verify", "Compare audit entries with their chain, and name the first that is altered, missing or inserted.") { from, to, head };
        global.SetAction(command, (parsed, session, cancellationToken) => RunAsync(session, parsed.GetValue(from), parsed.GetValue(to), parsed.GetValue(head), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(Session session, long? from, long? to, FileInfo? head, CancellationToken cancellationToken)
    {
        var anchor = head is null ? null : await AnchorOfAsync(head, cancellationToken);
        var verified = 0L;
        while (true)
        {
            var answer = await session.Client.GetAsync(Address.With("api/audit/verify", ("from", $"{from}"), ("to", $"{to}"), ("head", anchor)), RegistryJson.Default.AuditVerification, cancellationToken);
            verified += answer.Value.Verified;
            if (answer.Value is { Valid: true, NextFrom: { } next })
            {
                from = next;
                continue;
            }

            return await WriteAsync(session, answer, verified, cancellationToken);
        }
    }

    private static async Task<int> WriteAsync(Session session, Answer<AuditVerification> last, long verified, CancellationToken cancellationToken)
    {
        var whole = last.Value;
        if (session.Json)
        {
            await session.WriteJsonAsync(whole with { Verified = verified }, RegistryJson.Default.AuditVerification, cancellationToken);
        }
        else if (whole.Valid)
        {
            session.Output.Say($"{verified:N0} links are as they were made. {whole.Head}");
        }
        else
        {
            session.Output.Say($"The audit is not what it was: {whole.FirstFault}", new(Color.Red));
            session.Output.Say($"{verified:N0} links before are as they were made.");
        }

        return whole.Valid ? ExitCodes.Ok : ExitCodes.Negative;
    }

    /// <summary>What a file of <c>audit head</c> notes.</summary>
    /// <exception cref="InvalidDataException">The file holds no head.</exception>
    private static async Task<string> AnchorOfAsync(FileInfo file, CancellationToken cancellationToken)
    {
        try
        {
            var noted = JsonSerializer.Deserialize(await File.ReadAllBytesAsync(file.FullName, cancellationToken), RegistryJson.Default.AuditHead);
            return noted?.Anchor ?? throw new InvalidDataException($"{file} holds no head of a chain; audit head --output writes one.");
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException($"{file} holds no head of a chain: {exception.Message}", exception);
        }
    }
}
