using CapabilityRegistry.Data.Audit;
using CapabilityRegistry.Data.Events;
using CapabilityRegistry.Data.Model;
using CapabilityRegistry.Data.Tenancy;
using CapabilityRegistry.Tests.Testing;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace CapabilityRegistry.Tests.Api.Generated;

/// <summary>A tenant with something of everything, and the names of it. Two that are made with the same prefix differ in nothing but what the registry made up.</summary>
internal sealed class TenantData
{
    private readonly Dictionary<Meaning, string[]> _values = [];
    private int _made;

    private TenantData(string tenantId, string prefix, int major) => (TenantId, Prefix, Major) = (tenantId, prefix, major);

    public string TenantId { get; }

    private string Prefix { get; }

    private int Major { get; }

    /// <summary>What the tenant has of a kind. The first is what its own requests use.</summary>
    public IReadOnlyList<string> Of(Meaning meaning) => meaning switch
    {
        Meaning.NewCapability => [.. Of(Meaning.Capability).Where(v => !Guid.TryParse(v, out _))],
        Meaning.NewClient => Of(Meaning.Client),
        Meaning.NewTenant => Of(Meaning.Tenant),
        Meaning.NewVersion => Of(Meaning.Version),
        _ => _values[meaning],
    };

    /// <summary>Everything that names something, with a word for it that is the same in every tenant.</summary>
    public IEnumerable<(string Value, string Word)> Names => _values.SelectMany(v => v.Value.Select((value, i) => (value, $"<{v.Key} {i}>")));

    /// <summary>What the tenant's own request says at a place: something that it has, or for what is made, something that nobody has.</summary>
    public string Own(Meaning meaning)
    {
        var made = Interlocked.Increment(ref _made);
        return meaning switch
        {
            Meaning.NewVersion => $"{Major}.{made + 100}.0",
            Meaning.IdempotencyKey => $"key-{made}",
            Meaning.Email => $"{Prefix}-new-{made}@example.org",
            Meaning.OfflineAction => Guid.CreateVersion7(TimeProvider.System.GetUtcNow()).ToString(),
            _ when meaning.IsNew() || meaning is Meaning.NewTenant => $"{Prefix}-new-{made}",
            _ => Of(meaning)[0],
        };
    }

    public static async Task<TenantData> CreateAsync(RegistryApp app, string tenantId, string prefix, int major)
    {
        var data = new TenantData(tenantId, prefix, major);
        await data.FillAsync(app);
        return data;
    }

    private async Task FillAsync(RegistryApp app)
    {
        var (ledger, payments, gone) = ($"{Prefix}-ledger", $"{Prefix}-payments", $"{Prefix}-gone");
        var more = $"\"provides_services\":[{{\"service\":\"{Prefix}-booking\",\"version\":\"{Major}.0.0\"}}],\"composition_keywords\":[\"{Prefix}-keyword\"]";
        var lines = await app.ImportAsync(
            string.Join(
                '\n',
                Sample.Manifest(ledger, $"{Major}.7.7", more: more),
                Sample.Manifest(payments, $"{Major}.7.7", Sample.Needs(ledger), more),
                Sample.Manifest(payments, $"{Major}.6.5"),
                Sample.Manifest(gone, $"{Major}.7.7")).Replace("\"category\":\"test\"", $"\"category\":\"{Prefix}-category\"", StringComparison.Ordinal),
            tenant: TenantId);
        var ids = lines.Select(l => l.GetProperty("capability_id").GetString()!).Distinct().ToArray();
        await ExpectAsync(204, app.SendAsync(HttpMethod.Delete, $"/api/capabilities/{gone}", tenant: TenantId));

        // Of every two, the second one stands for what is there but cannot be reached by everything: a deleted capability, a composition without a lock.
        _values[Meaning.Capability] = [payments, ids[1], gone, ids[2]];
        _values[Meaning.CapabilityId] = [ids[1], ids[2]];
        _values[Meaning.Version] = [$"{Major}.7.7"];
        _values[Meaning.Service] = [$"{Prefix}-booking"];
        _values[Meaning.Category] = [$"{Prefix}-category"];
        _values[Meaning.Keyword] = [$"{Prefix}-keyword"];
        _values[Meaning.Words] = [payments, $"{Prefix}"];
        _values[Meaning.Tenant] = [TenantId];
        await MakeCompositionsAsync(app, payments);
        await MakeClientAsync(app);
        _values[Meaning.Consumer] = [$"{TenantId}-consumer"];
        _values[Meaning.ParkedEvent] = [await ParkedEventSeed.ParkAsync(app, TenantId, $"{TenantId}-consumer", ledger, $"{Prefix}-robot")];
        await MakeWebhooksAsync(app);
        await SubscribeAsync(app);
        await UseAsync(app, ids[0]);
        await ActOfflineAsync(app, payments);
        await LinkAsync(app);
        _values[Meaning.Actor] = _values[Meaning.Client];
        _values[Meaning.Resource] = [payments, $"{payments}@{Major}.7.7", _values[Meaning.Composition][0], _values[Meaning.Client][0]];
    }

    private async Task MakeCompositionsAsync(RegistryApp app, string requirement)
    {
        var compositions = new List<string>();
        string[] names = [$"{Prefix} shop", $"{Prefix} bank"];
        var (request, key) = ($"{TenantId}-request", $"{TenantId}-key");
        foreach (var (i, name) in names.Index())
        {
            var body = $$"""{"name":"{{name}}","composition_type":"{{Prefix}}-type","requirements":[{"capability_code":"{{requirement}}"}]}""";
            var created = await ExpectAsync(201, app.SendAsync(HttpMethod.Post, "/api/compositions", body, tenant: TenantId, headers: [("X-Request-ID", $"{request}-{i}"), ("Idempotency-Key", $"{key}-{i}")]));
            compositions.Add(created.Json.GetProperty("composition_id").GetString()!);
        }

        await ExpectAsync(200, app.PostAsync($"/api/compositions/{compositions[0]}/lock", null, TenantId));
        _values[Meaning.Composition] = [.. compositions];
        _values[Meaning.NewComposition] = names;
        _values[Meaning.CompositionType] = [$"{Prefix}-type"];
        _values[Meaning.RequestId] = [$"{request}-0"];
        _values[Meaning.IdempotencyKey] = [$"{key}-0"];
    }

    private async Task MakeClientAsync(RegistryApp app)
    {
        var client = $"{Prefix}-robot";
        var created = await ExpectAsync(201, app.PostAsync("/api/clients", $$"""{"client_id":"{{client}}","roles":["capability_developer"]}""", TenantId));
        var secret = created.Json.GetProperty("client_secret").GetString()!;
        await ExpectAsync(200, app.PostAsync("/api/auth/token", $$"""{"tenant_id":"{{TenantId}}","client_id":"{{client}}","client_secret":"{{secret}}"}"""));
        _values[Meaning.Client] = [client];
        _values[Meaning.Credential] = [secret];
        _values[Meaning.Secret] = [created.Json.GetProperty("client").GetProperty("secrets")[0].GetProperty("secret_id").GetString()!];
    }

    /// <summary>Two webhooks, and two deliveries of the first with an attempt. Nothing is sent here, so that one is written by hand.</summary>
    private async Task MakeWebhooksAsync(RegistryApp app)
    {
        var (webhooks, deliveries) = (new List<string>(), new List<string>());
        for (var i = 0; i < 2; i++)
        {
            var created = await ExpectAsync(201, app.PostAsync("/api/webhooks", $$"""{"url":"https://hooks.example.com/{{Prefix}}","events":["*"]}""", TenantId));
            webhooks.Add(created.Json.GetProperty("webhook").GetProperty("webhook_id").GetString()!);
            var sent = await ExpectAsync(202, app.PostAsync($"/api/webhooks/{webhooks[0]}/test", null, TenantId));
            deliveries.Add(sent.Json.GetProperty("delivery_id").GetString()!);
        }

        await using var connection = await app.Services.GetRequiredService<TenantDatabase>().OpenAsync(TenantId, TestContext.Current.CancellationToken);
        await TenantTables.QueryAsync(connection, $"INSERT INTO webhook_attempts (tenant_id, delivery_id, number, started_at, duration_ms, status) VALUES ('{TenantId}', '{deliveries[0]}', 1, now(), 12, 500)");
        _values[Meaning.Webhook] = [.. webhooks];
        _values[Meaning.Delivery] = [.. deliveries];
    }

    /// <summary>Two subscriptions, each with two notifications. No request makes those, so they are written by hand.</summary>
    private async Task SubscribeAsync(RegistryApp app)
    {
        string[] emails = [$"{Prefix}@example.org", $"{Prefix}-second@example.org"];
        var subscriptions = new List<string>();
        foreach (var email in emails)
        {
            var created = await ExpectAsync(201, app.PostAsync("/api/notifications/subscriptions", $$"""{"email":"{{email}}","kinds":["version_in_use"]}""", TenantId));
            subscriptions.Add(created.Json.GetProperty("subscription_id").GetString()!);
            for (var position = 1; position <= 2; position++)
            {
                await InsertAsync(
                    app,
                    "INSERT INTO notifications (notification_id, tenant_id, subscription_id, kind, position, subject, details, occurred_at) VALUES ($2, $1, $3, 'version_in_use', $4, 'subject', '{}', now())",
                    Guid.CreateVersion7(TimeProvider.System.GetUtcNow()),
                    Guid.Parse(subscriptions[^1]),
                    (long)position);
            }
        }

        _values[Meaning.Email] = emails;
        _values[Meaning.Subscription] = [.. subscriptions];
    }

    /// <summary>What the API has counted is written down by a service of its own, and summed up by the worker.</summary>
    private Task UseAsync(RegistryApp app, string capabilityId) => InsertAsync(
        app,
        """
        WITH hours AS (INSERT INTO usage_hourly (tenant_id, capability_id, kind, hour, count) VALUES ($1, $2, 'view', date_trunc('hour', now()), 7))
        INSERT INTO usage_daily (tenant_id, capability_id, kind, day, count) VALUES ($1, $2, 'view', (now() AT TIME ZONE 'UTC')::date, 7)
        """,
        Guid.Parse(capabilityId));

    /// <summary>Makes what no request does.</summary>
    private async Task InsertAsync(RegistryApp app, string sql, params object[] values)
    {
        await using var connection = await app.Services.GetRequiredService<SystemDatabase>().OpenAsync(TestContext.Current.CancellationToken);
        await using var insert = new NpgsqlCommand(sql, connection) { Parameters = { new() { Value = TenantId } } };
        Array.ForEach(values, v => insert.Parameters.Add(new() { Value = v }));
        await insert.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    private async Task ActOfflineAsync(RegistryApp app, string capability)
    {
        var id = Guid.CreateVersion7(TimeProvider.System.GetUtcNow()).ToString();
        var action = $$$"""{"client_action_id":"{{{id}}}","type":"update_capability","capability":"{{{capability}}}","patch":{"subcategory":"offline"}}""";
        await ExpectAsync(200, app.PostAsync("/api/mobile/sync", $$"""{"actions":[{{action}}]}""", TenantId));
        _values[Meaning.OfflineAction] = [id];
    }

    /// <summary>What the worker does with every event.</summary>
    private async Task LinkAsync(RegistryApp app)
    {
        var (database, cancellationToken) = (app.Services.GetRequiredService<SystemDatabase>(), TestContext.Current.CancellationToken);
        var head = await app.Services.GetRequiredService<Sequencer>().RunAsync(cancellationToken);
        await using var connection = await database.OpenAsync(cancellationToken);
        await app.Services.GetRequiredService<AuditChain>().AppendAsync(await EventReader.ReadAsync(connection, TenantId, 0, head, EventTypes.All, int.MaxValue, cancellationToken), cancellationToken);
        _values[Meaning.Anchor] = [(await ExpectAsync(200, app.GetAsync("/api/audit/head", TenantId))).Json.GetProperty("anchor").GetString()!];
    }

    private static async Task<Answer> ExpectAsync(int status, Task<Answer> answer)
    {
        var got = await answer;
        Assert.True(got.Status == status, $"{got.Status} {got.Text}");
        return got;
    }
}
