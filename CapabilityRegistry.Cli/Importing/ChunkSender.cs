using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text.Json;
using CapabilityRegistry.Cli.Http;

namespace CapabilityRegistry.Cli.Importing;

/// <summary>Sends a chunk until every line of it has its outcome. After a failure on the way it goes on with the first line that has none: import is idempotent.</summary>
internal sealed class ChunkSender(RegistryClient client, string address, TimeProvider clock)
{
    /// <summary>How often in a row an attempt may bring nothing, two minutes in all.</summary>
    private const int MostAttempts = 10;

    /// <summary>The same before anything has answered at all: the address is probably wrong.</summary>
    private const int MostFirstAttempts = 3;

    private static readonly TimeSpan MostPause = TimeSpan.FromSeconds(30);

    private bool _isReached;

    public async Task SendAsync(ImportChunk chunk, Action<int, ImportOutcome> onOutcome, Action<string> onPause, CancellationToken cancellationToken)
    {
        var (done, attempts) = (0, 0);
        while (done < chunk.Count)
        {
            try
            {
                await foreach (var outcome in SendAsync(chunk.From(done), chunk.Count - done, cancellationToken))
                {
                    onOutcome(done, outcome);
                    done++;
                    attempts = 0;
                }
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested && IsWorthAnother(exception, attempts + 1))
            {
                attempts++;
                await PauseAsync(exception, attempts, onPause, cancellationToken);
            }
        }
    }

    /// <summary>Waits after a failure. Short waits that the registry asks for are everyday in a long import and no news.</summary>
    private Task PauseAsync(Exception exception, int attempts, Action<string> onPause, CancellationToken cancellationToken)
    {
        var pause = PauseAfter(exception, attempts);
        if (pause > Repeats.Noticeable || exception is not RefusedException { IsRateLimit: true })
        {
            onPause($"{Failures.ReasonOf(exception).TrimEnd('.')}; next attempt in {pause.TotalSeconds:0.#} s");
        }

        return Task.Delay(pause, clock, cancellationToken);
    }

    private async IAsyncEnumerable<ImportOutcome> SendAsync(ReadOnlyMemory<byte> lines, int count, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var response = await client.OpenAsync(() => Request(lines), cancellationToken);
        _isReached = true;
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        var answers = new NdjsonReader(body);
        var answered = 0;
        while (await answers.ReadAsync(cancellationToken))
        {
            var outcome = JsonSerializer.Deserialize(answers.Line.Span, RegistryJson.Default.ImportOutcome);
            answered++;
            yield return outcome?.Line == answered && answered <= count
                ? outcome
                : throw new JsonException($"There is an outcome of line {outcome?.Line} as number {answered} of {count}.");
        }

        if (answered < count)
        {
            throw new HttpRequestException(HttpRequestError.ResponseEnded, "The answer ended before the last line's outcome.");
        }
    }

    private HttpRequestMessage Request(ReadOnlyMemory<byte> lines)
    {
        var content = new ReadOnlyMemoryContent(lines) { Headers = { ContentType = new MediaTypeHeaderValue("application/x-ndjson") } };
        return new(HttpMethod.Post, address) { Content = content };
    }

    private bool IsWorthAnother(Exception exception, int attempts)
    {
        var refused = exception as RefusedException;
        return (refused?.IsTransient ?? Failures.IsOutage(exception)) && attempts < (_isReached || refused is not null ? MostAttempts : MostFirstAttempts);
    }

    private static TimeSpan PauseAfter(Exception exception, int attempts)
    {
        var pause = TimeSpan.FromSeconds(Math.Min(MostPause.TotalSeconds, 0.5 * Math.Pow(2, attempts - 1)));
        return exception is RefusedException { RetryAfter: { } asked } && asked > pause ? asked : pause;
    }
}
