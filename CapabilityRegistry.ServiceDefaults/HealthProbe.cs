namespace CapabilityRegistry.ServiceDefaults;

/// <summary>The role <c>check-health URL</c> of every process: whether the URL answers with success. For images, which have neither a shell nor a client of their own.</summary>
public static class HealthProbe
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    /// <summary>Asks once, when the arguments are those of the role.</summary>
    /// <returns>The exit code, 0 or 1; <see langword="null"/> when the process has another role.</returns>
    public static async Task<int?> RunAsync(IReadOnlyList<string> arguments)
    {
        if (arguments is not ["check-health", var text] || !Uri.TryCreate(text, UriKind.Absolute, out var address))
        {
            return null;
        }

        using var handler = new SocketsHttpHandler();
        using var http = new HttpClient(handler, disposeHandler: false) { Timeout = Patience };
        try
        {
            using var answer = await http.GetAsync(address, HttpCompletionOption.ResponseHeadersRead);
            return answer.IsSuccessStatusCode ? 0 : Fail($"{address} answers {(int)answer.StatusCode}.");
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
        {
            return Fail($"{address} does not answer: {exception.Message}");
        }
    }

    private static int Fail(string reason)
    {
        Console.Error.WriteLine(reason);
        return 1;
    }
}
