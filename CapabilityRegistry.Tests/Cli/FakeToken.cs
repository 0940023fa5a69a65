using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace CapabilityRegistry.Tests.Cli;

/// <summary>Tokens that look like the registry's and are signed by nobody.</summary>
internal static class FakeToken
{
    private static int _made;

    public static string Of(string tenant, string client = "robot", object? roles = null, DateTimeOffset? expiresAt = null)
    {
        var claims = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["tenant_id"] = tenant,
            ["client_id"] = client,
            ["roles"] = roles ?? "capability_developer",
            ["scope"] = "registry:read registry:write",
            ["exp"] = (expiresAt ?? TimeProvider.System.GetUtcNow().AddMinutes(30)).ToUnixTimeSeconds(),
        };
        return string.Join('.', Encode("""{"alg":"HS256"}"""), Encode(JsonSerializer.Serialize(claims)), Encode($"signature {Interlocked.Increment(ref _made)}"));
    }

    private static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));
}
