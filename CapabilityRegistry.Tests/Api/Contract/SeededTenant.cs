using CapabilityRegistry.Data.Identity;
using CapabilityRegistry.Tests.Testing;

namespace CapabilityRegistry.Tests.Api.Contract;

/// <summary>A tenant with something of everything in it, and a client that may do everything. The examples of the OpenAPI document fit what is there.</summary>
internal sealed class SeededTenant
{
    private static readonly string[] Everything = [Roles.RegistryAdmin, Roles.TenantAdmin];

    private readonly RegistryApp _app;
    private readonly string _authorization;
    private readonly Dictionary<string, string> _places = new(StringComparer.Ordinal);

    private SeededTenant(RegistryApp app, string tenantId, string token) => (_app, TenantId, _authorization) = (app, tenantId, $"Bearer {token}");

    public string TenantId { get; }

    /// <summary>The client as audit entries name it.</summary>
    public static string Actor => "registry-admin.tenant-admin";

    /// <summary>A client that may do everything, in a tenant without anything.</summary>
    public static async Task<SeededTenant> EmptyAsync(RegistryApp app, string tenantId) => new(app, tenantId, await app.Tokens.OfAsync(tenantId, Everything));

    /// <summary>A tenant with something of everything.</summary>
    /// <param name="app">Where.</param>
    /// <param name="tenantId">The tenant; nobody else's.</param>
    /// <param name="operation">What will be asked: what it is to make is left out.</param>
    public static async Task<SeededTenant> CreateAsync(RegistryApp app, string tenantId, Operation? operation = null)
    {
        var tenant = await EmptyAsync(app, tenantId);
        await tenant.MakeAsync("/api/capabilities", Sample.Manifest("payments", "3.0.0"));
        await tenant.MakeAsync("/api/capabilities", Sample.Manifest("checkout", "1.0.0", Sample.Needs("payments", "^3.0.0")), unless: operation?.Id == "RegisterCapability");
        await tenant.MakeAsync("/api/capabilities", Sample.Manifest("gone"));
        await tenant.SendAsync(HttpMethod.Delete, "/api/capabilities/gone");
        var composition = await tenant.MakeAsync("/api/compositions", """{"name":"Seeded","requirements":[{"capability_code":"payments"}],"configuration":{"a":1.50}}""");
        await tenant.MakeAsync($"{composition!.Headers.Location}/lock", null);
        var client = await tenant.MakeAsync("/api/clients", """{"client_id":"seeded","roles":["observer"]}""");
        var webhook = await tenant.MakeAsync("/api/webhooks", """{"url":"https://hooks.example.com/seeded","events":["*"]}""");
        tenant._places["webhookId"] = webhook!.Json.GetProperty("webhook").GetProperty("webhook_id").GetString()!;
        var delivery = await tenant.MakeAsync($"/api/webhooks/{tenant._places["webhookId"]}/test", null);
        tenant._places["deliveryId"] = delivery!.Json.GetProperty("delivery_id").GetString()!;
        var subscription = await tenant.MakeAsync("/api/notifications/subscriptions", """{"email":"seeded@example.org","kinds":["version_in_use"]}""");
        tenant._places["subscriptionId"] = subscription!.Json.GetProperty("subscription_id").GetString()!;
        tenant._places["capability"] = operation?.Id switch { "RestoreCapability" => "gone", "DeleteCapability" => "payments", _ => "checkout" };
        tenant._places["version"] = "1.0.0";
        tenant._places["compositionId"] = composition.Json.GetProperty("composition_id").GetString()!;
        tenant._places["clientId"] = "seeded";
        tenant._places["secretId"] = client!.Json.GetProperty("client").GetProperty("secrets")[0].GetProperty("secret_id").GetString()!;
        tenant._places["tenantId"] = tenantId;
        tenant._places["parkedEventId"] = await ParkedEventSeed.ParkAsync(app, tenantId, $"consumer-of-{tenantId}", "checkout", "seeded");
        return tenant;
    }

    /// <summary>The address of an operation on what is there.</summary>
    public string PathOf(Operation operation)
    {
        var path = _places.Aggregate(operation.Path, (p, place) => p.Replace($"{{{place.Key}}}", place.Value, StringComparison.Ordinal));
        Assert.DoesNotContain('{', path);
        return operation.Id == "DeleteCapability" ? $"{path}?force=true" : path;
    }

    /// <summary>Asks an operation with its example, or with nothing.</summary>
    public Task<Answer> AskAsync(Operation operation, string query = "", params (string Name, string Value)[] headers)
    {
        var path = PathOf(operation);
        return SendAsync(operation.Method, query.Length == 0 ? path : $"{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}{query}", operation.Example, headers: headers);
    }

    public Task<Answer> SendAsync(HttpMethod method, string path, string? body = null, string contentType = "application/json", params (string Name, string Value)[] headers) =>
        _app.SendAsync(method, path, body, contentType, headers: [.. headers, ("Authorization", _authorization)]);

    public Task<Answer> GetAsync(string path, params (string Name, string Value)[] headers) => SendAsync(HttpMethod.Get, path, headers: headers);

    public Task<Answer> PostAsync(string path, string? body, params (string Name, string Value)[] headers) => SendAsync(HttpMethod.Post, path, body, headers: headers);

    public Task<Answer> PatchAsync(string path, string body, params (string Name, string Value)[] headers) => SendAsync(HttpMethod.Patch, path, body, headers: headers);

    private async Task<Answer?> MakeAsync(string path, string? body, bool unless = false)
    {
        if (unless)
        {
            return null;
        }

        var answer = await PostAsync(path, body);
        Assert.True(answer.Status is 200 or 201 or 202, answer.Text);
        return answer;
    }
}
