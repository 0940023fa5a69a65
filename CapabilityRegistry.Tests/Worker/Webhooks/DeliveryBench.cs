using System.Diagnostics.Metrics;
using CapabilityRegistry.Data.Tenancy;
using CapabilityRegistry.Data.Webhooks;
using CapabilityRegistry.ServiceDefaults.Configuration;
using CapabilityRegistry.Tests.Testing;
using CapabilityRegistry.Worker.Webhooks;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace CapabilityRegistry.Tests.Worker.Webhooks;

/// <summary>The delivering half of the worker over a database of its own, with a clock that stands still and a receiver on loopback.</summary>
internal sealed class DeliveryBench : IAsyncDisposable
{
    public const string Tenant = "hooked";

    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly NpgsqlDataSource _superuser;
    private readonly List<IDisposable> _made = [];

    private DeliveryBench(string connectionString, WebhookReceiver receiver, WebhooksOptions options)
    {
        _superuser = NpgsqlDataSource.Create(connectionString);
        (Receiver, Options) = (receiver, Microsoft.Extensions.Options.Options.Create(options));
        var source = new NpgsqlDataSourceBuilder(connectionString);
        source.ConnectionStringBuilder.Options = $"-c role={DatabaseRoles.System}";
        Database = new(source.Build());
        Queue = new(Database);
        Secrets = new(new EphemeralDataProtectionProvider());
        Client = new(new(Options, Hosts), Secrets, Options, Clock);
        Metrics = new(_services.GetRequiredService<IMeterFactory>());
        Service = NewService();
        _made.Add(Client);
    }

    public FakeTimeProvider Clock { get; } = new(DateTimeOffset.UnixEpoch.AddDays(20_000));

    public KnownHosts Hosts { get; } = new();

    public WebhookReceiver Receiver { get; }

    public SystemDatabase Database { get; }

    public DeliveryQueue Queue { get; }

    public WebhookSecrets Secrets { get; }

    public WebhookClient Client { get; }

    public WebhookMetrics Metrics { get; }

    public DeliverySignal Signal { get; } = new();

    public DeliveryService Service { get; }

    public IOptions<WebhooksOptions> Options { get; }

    /// <summary>A bench whose receiver is trusted as <c>127.0.0.1</c>.</summary>
    public static async Task<DeliveryBench> CreateAsync(DatabaseServer server, WebhooksOptions? options = null)
    {
        options ??= new();
        options.AllowedHosts = [.. options.AllowedHosts, "127.0.0.1"];
        return new(await server.CreateDatabaseAsync(), await WebhookReceiver.StartAsync(), options);
    }

    /// <summary>Another worker.</summary>
    public DeliveryService NewService()
    {
        var onOff = new WebhookSwitch(Database, Options, Metrics, Clock, NullLogger<WebhookSwitch>.Instance);
        var desk = new DeliveryDesk(Queue, Client, onOff, new(() => 0), Metrics, Clock, NullLogger<DeliveryDesk>.Instance);
        var service = new DeliveryService(Queue, desk, Signal, Metrics, Options, Microsoft.Extensions.Options.Options.Create(new FeaturesOptions()), Clock, NullLogger<DeliveryService>.Instance);
        _made.Add(service);
        return service;
    }

    /// <summary>A webhook, and its secret as its owner was shown it.</summary>
    public async Task<(Guid Id, string Secret)> AddWebhookAsync(string? url = null, string tenantId = Tenant, string events = "*")
    {
        var id = Guid.CreateVersion7(Clock.GetUtcNow());
        var (kept, shown) = Secrets.Create(id);
        await ExecuteAsync(
            """
            INSERT INTO webhooks (tenant_id, webhook_id, url, description, events, enabled, secret, created_at, created_by, updated_at, revision)
            VALUES ($1, $2, $3, '', string_to_array($4, ' '), true, $5, $6, 'test', $6, 1)
            """,
            tenantId, id, url ?? Receiver.Url, events, kept, Clock.GetUtcNow());
        return (id, shown);
    }

    /// <summary>A delivery that is due.</summary>
    public async Task<Guid> AddDeliveryAsync(Guid webhookId, string payload = """{"type":"version.published"}""")
    {
        var id = Guid.CreateVersion7(Clock.GetUtcNow());
        await ExecuteAsync(
            """
            INSERT INTO webhook_deliveries (tenant_id, delivery_id, webhook_id, event_type, payload, state, attempts, tries, created_at, due_at)
            SELECT tenant_id, $2, webhook_id, 'version.published', convert_to($3, 'UTF8'), 'pending', 0, 0, $4, $4 FROM webhooks WHERE webhook_id = $1
            """,
            webhookId, id, payload, Clock.GetUtcNow());
        return id;
    }

    /// <summary>Delivers everything that is due now, and what that makes room for.</summary>
    public async Task<int> DeliverAsync()
    {
        var (all, begun) = (0, 0);
        do
        {
            begun = await Service.StartDueAsync(TestContext.Current.CancellationToken);
            await Service.DrainAsync();
            all += begun;
        }
        while (begun > 0);

        return all;
    }

    public async Task<object?> ScalarAsync(string sql, params object[] values)
    {
        await using var command = Command(sql, values);
        return await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
    }

    public async Task<string> StateAsync(Guid deliveryId) => (string)(await ScalarAsync("SELECT state FROM webhook_deliveries WHERE delivery_id = $1", deliveryId))!;

    public async Task ExecuteAsync(string sql, params object[] values)
    {
        await using var command = Command(sql, values);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await Receiver.DisposeAsync();
        await Service.DrainAsync();
        _made.ForEach(m => m.Dispose());
        await Database.DisposeAsync();
        await _superuser.DisposeAsync();
        await _services.DisposeAsync();
    }

    private NpgsqlCommand Command(string sql, object[] values)
    {
        var command = _superuser.CreateCommand(sql);
        foreach (var value in values)
        {
            command.Parameters.Add(new() { Value = value });
        }

        return command;
    }
}
