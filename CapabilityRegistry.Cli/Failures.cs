using System.Net.Sockets;
using System.Text.Json;
using CapabilityRegistry.Cli.Http;
using CapabilityRegistry.Cli.Logins;
using Spectre.Console;

namespace CapabilityRegistry.Cli;

/// <summary>The one place where outages, refusals and unusable files become words and an exit code. Anything else is a bug and ends the process.</summary>
internal static class Failures
{
    public static async Task<int> GuardAsync(Session session, Func<Task<int>> action, CancellationToken cancellationToken)
    {
        try
        {
            return await action();
        }
        catch (RefusedException refused)
        {
            ProblemView.Write(session.Notices, refused);
            return refused.IsNegativeAnswer ? ExitCodes.Negative : ExitCodes.Refused;
        }
        catch (Exception exception) when (Explain(session, exception, cancellationToken) is { } end)
        {
            session.Notices.Say(end.Message, new(Color.Red));
            return end.ExitCode;
        }
    }

    /// <summary>Whether the exchange with the registry failed before it was complete. A cancellation that the user did not ask for is a time-out.</summary>
    public static bool IsOutage(Exception exception) =>
        exception is HttpRequestException or HttpIOException or OperationCanceledException or IOException { InnerException: SocketException };

    public static string ReasonOf(Exception exception) => exception is OperationCanceledException ? "No answer in time." : exception.GetBaseException().Message;

    private static (string Message, int ExitCode)? Explain(Session session, Exception exception, CancellationToken cancellationToken) => exception switch
    {
        NotLoggedInException => (exception.Message, ExitCodes.NotLoggedIn),
        OperationCanceledException when cancellationToken.IsCancellationRequested => ("Cancelled.", ExitCodes.Cancelled),
        _ when IsOutage(exception) => ($"The registry at {session.Connection.Url} cannot be reached: {ReasonOf(exception)}", ExitCodes.Unreachable),
        JsonException => ($"What answers at {session.Connection.Url} is no registry that this client understands: {exception.Message}", ExitCodes.Unreachable),
        IOException or UnauthorizedAccessException or InvalidDataException => (exception.Message, ExitCodes.Usage),
        _ => null,
    };
}
