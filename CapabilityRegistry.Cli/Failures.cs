using System.Net.Sockets;
using System.Text.Json;
using CapabilityRegistry.Cli.Http;
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
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return Say(session, "Cancelled.", ExitCodes.Cancelled);
        }
        catch (Exception exception) when (IsOutage(exception))
        {
            return Say(session, $"The registry at {session.Client.Url} cannot be reached: {ReasonOf(exception)}", ExitCodes.Unreachable);
        }
        catch (JsonException exception)
        {
            return Say(session, $"What answers at {session.Client.Url} is no registry that this client understands: {exception.Message}", ExitCodes.Unreachable);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            return Say(session, exception.Message, ExitCodes.Usage);
        }
    }

    /// <summary>Whether the exchange with the registry failed before it was complete. A cancellation that the user did not ask for is a time-out.</summary>
    public static bool IsOutage(Exception exception) =>
        exception is HttpRequestException or HttpIOException or OperationCanceledException or IOException { InnerException: SocketException };

    public static string ReasonOf(Exception exception) => exception is OperationCanceledException ? "No answer in time." : exception.GetBaseException().Message;

    private static int Say(Session session, string message, int exitCode)
    {
        session.Notices.Say(message, new(Color.Red));
        return exitCode;
    }
}
