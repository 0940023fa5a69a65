using System.Text.Json;
using CapabilityRegistry.Tests.Testing;

namespace CapabilityRegistry.Tests.Api.Identity;

/// <summary>A client with a secret that works, as the API gave it.</summary>
internal sealed record Credentials(string Tenant, string ClientId, string Secret, string SecretId)
{
    /// <summary>Has a client made in the name of the tenant's administrator.</summary>
    public static async Task<Credentials> CreateAsync(RegistryApp app, string clientId, string tenant = TestTokens.Tenant, string roles = "\"capability_developer\"", string more = "")
    {
        var answer = await app.PostAsync("/api/clients", $$"""{"client_id":"{{clientId}}","roles":[{{roles}}]{{more}}}""", tenant);
        Assert.True(answer.Status == 201, answer.Text);
        var client = answer.Json.GetProperty("client");
        return new(tenant, clientId, answer.Json.GetProperty("client_secret").GetString()!, client.GetProperty("secrets")[0].GetProperty("secret_id").GetString()!);
    }

    /// <summary>A further secret of the client.</summary>
    public async Task<Credentials> AnotherAsync(RegistryApp app, string body = "{}")
    {
        var answer = await app.PostAsync($"/api/clients/{ClientId}/secrets", body, Tenant);
        Assert.True(answer.Status == 201, answer.Text);
        return this with { Secret = answer.Json.GetProperty("client_secret").GetString()!, SecretId = answer.Json.GetProperty("secret_id").GetString()! };
    }

    public Task<Answer> AskAsync(RegistryApp app, string? scope = null) => Anonymous.SendAsync(app, HttpMethod.Post, "/api/auth/token", Json(Tenant, ClientId, Secret, scope));

    public async Task<string> TokenAsync(RegistryApp app)
    {
        var answer = await AskAsync(app);
        Assert.True(answer.Status == 200, answer.Text);
        return answer.Json.GetProperty("access_token").GetString()!;
    }

    public Task<Answer> RevokeSecretAsync(RegistryApp app) => app.SendAsync(HttpMethod.Delete, $"/api/clients/{ClientId}/secrets/{SecretId}", tenant: Tenant);

    public static StringContent Json(string tenant, string client, string secret, string? scope = null)
    {
        var request = new Dictionary<string, string>(StringComparer.Ordinal) { ["tenant_id"] = tenant, ["client_id"] = client, ["client_secret"] = secret };
        if (scope is not null)
        {
            request["scope"] = scope;
        }

        return new(JsonSerializer.Serialize(request), System.Text.Encoding.UTF8, "application/json");
    }

    public static FormUrlEncodedContent Form(params (string Name, string Value)[] fields) => new(fields.Select(f => KeyValuePair.Create(f.Name, f.Value)));

    /// <summary>The answer to reading with a token.</summary>
    public static Task<Answer> ReadAsync(RegistryApp app, string token) => Anonymous.GetAsync(app, "/api/capabilities", ("Authorization", $"Bearer {token}"));
}
