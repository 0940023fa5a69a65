using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using CapabilityRegistry.Tests.Testing;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace CapabilityRegistry.Tests.Api.Identity;

/// <summary>Secrets never appear in logs, errors, traces or tables: everything that the process says is collected at the most talkative level while they are used rightly and wrongly.</summary>
public sealed class SecrecyTests(DatabaseServer server)
{
    [Fact]
    public async Task No_secret_is_ever_said_but_in_the_one_answer_that_shows_it()
    {
        var said = new Listener();
        using var spans = said.Spans();
        var connectionString = await server.CreateDatabaseAsync();
        await using var app = await RegistryApp.StartAsync(connectionString, withWorker: true, configure: builder => builder.Logging.AddProvider(said).AddFilter<Listener>((_, _) => true));
        var token = await app.Tokens.OfAsync("secrecy");

        var created = await app.SendAsync(HttpMethod.Post, "/api/clients", """{"client_id":"pipeline","roles":["observer"]}""", tenant: "secrecy", headers: ("Idempotency-Key", "keep-me"));
        var secret = created.Json.GetProperty("client_secret").GetString()!;
        var asked = await AskAsync(app, "pipeline", secret);
        var issued = asked.Json.GetProperty("access_token").GetString()!;
        const string Wrong = "crs_a-wrong-secret-that-nobody-has-0123456789";
        List<Answer> others =
        [
            await AskAsync(app, "pipeline", Wrong),
            await app.SendAsync(HttpMethod.Post, "/api/auth/token", $$"""{"tenant_id":"secrecy","client_id":"pipeline","client_secret":"{{secret}}","x":1}"""),
            await app.SendAsync(HttpMethod.Post, "/api/auth/token", $$"""{"client_secret":"{{secret}}" """),
            await app.SendAsync(HttpMethod.Post, "/api/auth/token", $"grant_type=password&client_secret={secret}&client_secret={secret}", "application/x-www-form-urlencoded"),
            await app.SendAsync(HttpMethod.Get, "/api/capabilities", headers: ("Authorization", $"Bearer {issued}x")),
            await app.SendAsync(HttpMethod.Get, "/api/capabilities", headers: ("Authorization", $"Basic {secret}")),
            await app.GetAsync("/api/clients/pipeline", "secrecy"),
            await app.GetAsync("/api/audit", "secrecy"),
            await app.GetAsync("/api/capabilities/nothing", "secrecy"),
        ];
        string[] secrets = [TestTokens.SigningKey, secret, secret[^40..], issued, issued[^43..], token, Wrong, .. PasswordOf(connectionString)];

        Assert.True(said.Count > 500, $"Only {said.Count} things were heard.");
        Assert.All(secrets.SelectMany(Forms), s => Assert.False(said.Heard(s), $"It was said in: {said.Where(s)}"));
        Assert.All(others, answer => Assert.All(secrets.Where(s => s != token), s => Assert.DoesNotContain(s, $"{answer.Text} {answer.Headers}", StringComparison.Ordinal)));
        await AssertNotStoredAsync(connectionString, secret);
    }

    private static Task<Answer> AskAsync(RegistryApp app, string client, string secret) =>
        app.SendAsync(HttpMethod.Post, "/api/auth/token", $$"""{"tenant_id":"secrecy","client_id":"{{client}}","client_secret":"{{secret}}"}""");

    private static IEnumerable<string> Forms(string secret) => [secret, Convert.ToBase64String(Encoding.UTF8.GetBytes(secret))];

    private static string[] PasswordOf(string connectionString) => new NpgsqlConnectionStringBuilder(connectionString).Password is { Length: > 0 } password ? [password] : [];

    /// <summary>The answer that is kept for repeats shows the secret again, but not to who reads the table.</summary>
    private static async Task AssertNotStoredAsync(string connectionString, string secret)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        await using var look = source.CreateCommand("SELECT (SELECT count(*) FROM idempotent_answers), (SELECT count(*) FROM idempotent_answers WHERE position($1::bytea IN body) > 0) + (SELECT count(*) FROM api_client_secrets WHERE secret_hash LIKE '%' || $2 || '%')");
        look.Parameters.Add(new() { Value = Encoding.UTF8.GetBytes(secret) });
        look.Parameters.Add(new() { Value = secret });
        await using var reader = await look.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        await reader.ReadAsync(TestContext.Current.CancellationToken);
        Assert.Equal((1, 0), (reader.GetInt64(0), reader.GetInt64(1)));
    }

    /// <summary>Hears every log entry with its scopes and exception, and every span with its tags and events.</summary>
    private sealed class Listener : ILoggerProvider, ISupportExternalScope
    {
        private readonly ConcurrentQueue<string> _said = new();
        private IExternalScopeProvider _scopes = new LoggerExternalScopeProvider();

        public int Count => _said.Count;

        public bool Heard(string text) => _said.Any(s => s.Contains(text, StringComparison.Ordinal));

        public string Where(string text) => _said.FirstOrDefault(s => s.Contains(text, StringComparison.Ordinal))?[..60] ?? "";

        public ActivityListener Spans()
        {
            var listener = new ActivityListener
            {
                ShouldListenTo = _ => true,
                Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded,
                ActivityStopped = span => Say($"span {span.DisplayName} {span.StatusDescription} {string.Join(' ', span.TagObjects)} {string.Join(' ', span.Events.SelectMany(e => e.Tags))} {string.Join(' ', span.Baggage)}"),
            };
            ActivitySource.AddActivityListener(listener);
            return listener;
        }

        public ILogger CreateLogger(string categoryName) => new Ear(this, categoryName);

        public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _scopes = scopeProvider;

        public void Dispose()
        {
        }

        private void Say(string text) => _said.Enqueue(text);

        private sealed class Ear(Listener listener, string category) : ILogger
        {
            public IDisposable? BeginScope<TState>(TState state)
                where TState : notnull => listener._scopes.Push(state);

            public bool IsEnabled(LogLevel logLevel) => true;

            public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
            {
                var text = new StringBuilder($"log {category}: {formatter(state, exception)} {exception}");
                if (state is IEnumerable<KeyValuePair<string, object?>> values)
                {
                    text.AppendJoin(' ', values);
                }

                listener._scopes.ForEachScope((scope, builder) => builder.Append(' ').Append(scope), text);
                listener.Say(text.ToString());
            }
        }
    }
}
