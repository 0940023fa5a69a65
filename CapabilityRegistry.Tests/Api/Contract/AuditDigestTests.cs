using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CapabilityRegistry.Tests.Testing;

namespace CapabilityRegistry.Tests.Api.Contract;

/// <summary>The digests of the audit are those of the bytes that were sent: whoever kept an answer can prove what it was.</summary>
public sealed class AuditDigestTests(RegistryFixture registry) : IClassFixture<RegistryFixture>
{
    /// <summary>Those that answer with the one resource that they change.</summary>
    public static TheoryData<string> Changes => Operation.Ids(Operation.Writes.Where(o => o.Statuses.Contains("200") && o.Id is not ("SyncMobile" or "RestoreCapability")));

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task The_digests_of_a_change_are_those_of_the_bytes_before_and_afterwards(string id)
    {
        var operation = Operation.Of(id);
        var tenant = await SeededTenant.CreateAsync(registry.App, $"digest-{id.ToLowerInvariant()}");
        var path = operation.Method == HttpMethod.Post && id != "LockComposition" ? tenant.PathOf(operation)[..tenant.PathOf(operation).LastIndexOf('/')] : tenant.PathOf(operation);
        var before = await tenant.GetAsync(path);
        var changed = await tenant.AskAsync(operation);
        Assert.True(changed.Status == 200, changed.Text);
        var entry = (await tenant.GetAsync($"/api/audit?per_page=1&request_id={changed.Headers.GetValues("X-Request-ID").Single()}")).Json.GetProperty("items")[0];
        Assert.Equal((DigestOf(before.Text), DigestOf(changed.Text)), (TextOf(entry, "before_hash"), TextOf(entry, "after_hash")));
        Assert.Equal(changed.Text, (await tenant.GetAsync(path)).Text);
    }

    [Fact]
    public void There_are_changes_to_look_at() => Assert.True(Changes.Count >= 6);

    private static string DigestOf(string json) => $"sha256:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(json)))}";

    private static string? TextOf(JsonElement entry, string name) => entry.TryGetProperty(name, out var value) ? value.GetString() : null;
}
