using System.Text.Json;
using CapabilityRegistry.Tests.Testing;

namespace CapabilityRegistry.Tests.Api.Mobile;

/// <summary>What the tests of devices have in common.</summary>
internal static class MobileCalls
{
    public static IEnumerable<string> CodesOf(JsonElement page, string member) => page.GetProperty(member).EnumerateArray().Select(i => i.GetProperty("capability_code").GetString()!);

    /// <summary>Registers capabilities of a tenant, one write after the other.</summary>
    public static async Task FillAsync(this RegistryApp app, string tenant, int count)
    {
        for (var i = 0; i < count; i++)
        {
            Assert.Equal(201, (await app.PostAsync("/api/capabilities", Sample.Manifest($"item-{i}"), tenant)).Status);
        }
    }
}
