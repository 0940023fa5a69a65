namespace CapabilityRegistry.Cli.Http;

/// <summary>Does again what the registry was asked too often, for requests that may be repeated.</summary>
internal sealed class Repeats(TimeProvider clock, Action<string> notify)
{
    private const int MostAttempts = 5;

    /// <summary>From here on a pause is worth a word: people wonder whether anything still happens.</summary>
    public static TimeSpan Noticeable { get; } = TimeSpan.FromSeconds(2);

    public async Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> attempt, CancellationToken cancellationToken)
    {
        for (var attempts = 1; ; attempts++)
        {
            try
            {
                return await attempt(cancellationToken);
            }
            catch (RefusedException refused) when (refused is { IsRateLimit: true, IsTransient: true } && attempts < MostAttempts)
            {
                var pause = refused.RetryAfter ?? TimeSpan.FromSeconds(1 << (attempts - 1));
                if (pause > Noticeable)
                {
                    notify($"{refused.Message.TrimEnd('.')}; next attempt in {pause.TotalSeconds:0.#} s");
                }

                await Task.Delay(pause, clock, cancellationToken);
            }
        }
    }
}
