using System.Globalization;

namespace CapabilityRegistry.Tests.Testing.Elasticsearch;

/// <summary>The search engine of a test class: the server of <c>ELASTICSEARCH_TEST_URL</c>, else our own strict one.</summary>
public sealed class SearchEngine : IAsyncLifetime
{
    public const string OnlyOurs = "Needs a server that can be killed and made to refuse; this run uses that of ELASTICSEARCH_TEST_URL.";

    private static readonly string? Url = Environment.GetEnvironmentVariable("ELASTICSEARCH_TEST_URL") is { Length: > 0 } url ? url : null;

    private static int _prefixes;

    public static bool IsOurs => Url is null;

    internal StrictElasticsearch? Ours { get; private set; }

    /// <summary>What is configured to use it, with indexes that nobody else has.</summary>
    public Dictionary<string, string?> Settings() => new(StringComparer.Ordinal)
    {
        ["ConnectionStrings:elasticsearch"] = Url ?? Ours!.Address.ToString(),
        ["Elasticsearch:IndexPrefix"] = string.Create(CultureInfo.InvariantCulture, $"test{Environment.ProcessId}x{Interlocked.Increment(ref _prefixes)}"),
        ["Relay:FirstPauseMs"] = "10",
    };

    public async ValueTask InitializeAsync() => Ours = IsOurs ? await StrictElasticsearch.StartAsync() : null;

    public async ValueTask DisposeAsync()
    {
        if (Ours is not null)
        {
            await Ours.DisposeAsync();
        }
    }
}
