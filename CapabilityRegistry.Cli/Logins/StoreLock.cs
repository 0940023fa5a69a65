namespace CapabilityRegistry.Cli.Logins;

/// <summary>The turn to change the store. The system ends it with the process, so that none is left behind; the file itself stays, empty.</summary>
internal static class StoreLock
{
    private const string FileName = "credentials.lock";

    /// <summary>EWOULDBLOCK on Linux and on BSD and macOS; a sharing violation on Windows.</summary>
    private static readonly int[] Held = [11, 35, unchecked((int)0x80070020)];

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan MostPatience = TimeSpan.FromSeconds(30);

    public static async Task<IDisposable> TakeAsync(string folder, TimeProvider clock, CancellationToken cancellationToken)
    {
        var path = Path.Combine(folder, FileName);
        var started = clock.GetTimestamp();
        while (true)
        {
            try
            {
                return PrivateFiles.OpenAlone(path);
            }
            catch (IOException exception) when (Held.Contains(exception.HResult))
            {
                if (clock.GetElapsedTime(started) > MostPatience)
                {
                    throw new IOException($"Another process keeps {path} to itself.", exception);
                }
            }

            await Task.Delay(Interval, clock, cancellationToken);
        }
    }
}
