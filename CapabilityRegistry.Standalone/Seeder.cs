using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json;

namespace CapabilityRegistry.Standalone;

/// <summary>What is wrong with a seed.</summary>
internal sealed class SeedException(string message) : Exception(message);

/// <summary>Loads manifests through the API, as any client would. Loading again changes nothing.</summary>
internal sealed class Seeder(int port, TokenFile token)
{
    /// <summary>The example that comes with the registry.</summary>
    public const string Builtin = "builtin";

    private const int LinesPerRequest = 1_000;
    private static readonly byte[] Gzip = [0x1f, 0x8b];

    public async Task RunAsync(string seed, CancellationToken cancellationToken)
    {
        using var handler = new SocketsHttpHandler();
        using var http = new HttpClient(handler, disposeHandler: false) { BaseAddress = new($"http://127.0.0.1:{port}"), Timeout = Timeout.InfiniteTimeSpan };
        http.DefaultRequestHeaders.Authorization = new("Bearer", token.Token ?? throw new SeedException("The first administrator has no live secret, so nothing can be loaded in its name; --new-secret makes one."));
        await using var source = seed == Builtin ? Resource("catalogue.ndjson") : await OpenAsync(seed, cancellationToken);
        using var lines = new StreamReader(source);
        var (count, failed) = (0, 0);
        while (await ReadChunkAsync(lines, cancellationToken) is { Length: > 0 } chunk)
        {
            using var content = new StringContent(chunk, Encoding.UTF8, "application/x-ndjson");
            using var answer = await http.PostAsync("/api/capabilities/import?on_conflict=skip", content, cancellationToken);
            answer.EnsureSuccessStatusCode();
            var outcomes = (await answer.Content.ReadAsStringAsync(cancellationToken)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
            count += outcomes.Length;
            failed += outcomes.Count(o => o.Contains("\"status\":\"failed\"", StringComparison.Ordinal));
        }

        if (seed == Builtin)
        {
            await CreateCompositionsAsync(http, cancellationToken);
        }

        Console.WriteLine($"Loaded {seed}: {count} versions{(failed == 0 ? "" : $", of which {failed} were refused")}.");
    }

    private static async Task CreateCompositionsAsync(HttpClient http, CancellationToken cancellationToken)
    {
        await using var source = Resource("compositions.json");
        using var compositions = await JsonDocument.ParseAsync(source, cancellationToken: cancellationToken);
        foreach (var composition in compositions.RootElement.EnumerateArray())
        {
            using var content = new StringContent(composition.GetRawText(), Encoding.UTF8, "application/json");
            using var answer = await http.PostAsync("/api/compositions", content, cancellationToken);
            if (answer.StatusCode is not HttpStatusCode.Conflict)
            {
                answer.EnsureSuccessStatusCode();
            }
        }
    }

    private static Stream Resource(string name) => typeof(Seeder).Assembly.GetManifestResourceStream($"samples/{name}")!;

    private static async Task<Stream> OpenAsync(string path, CancellationToken cancellationToken)
    {
        if (!File.Exists(path))
        {
            throw new SeedException($"There is no file '{path}' to load (--seed).");
        }

        var file = File.OpenRead(path);
        var magic = new byte[2];
        var read = await file.ReadAtLeastAsync(magic, 2, throwOnEndOfStream: false, cancellationToken);
        file.Position = 0;
        return read == 2 && magic.AsSpan().SequenceEqual(Gzip) ? new GZipStream(file, CompressionMode.Decompress) : file;
    }

    private static async Task<string> ReadChunkAsync(StreamReader lines, CancellationToken cancellationToken)
    {
        var chunk = new StringBuilder();
        for (var i = 0; i < LinesPerRequest && await lines.ReadLineAsync(cancellationToken) is { } line; i++)
        {
            chunk.Append(line).Append('\n');
        }

        return chunk.ToString();
    }
}
