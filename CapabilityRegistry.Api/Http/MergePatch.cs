using System.Text.Json.Nodes;

namespace CapabilityRegistry.Api.Http;

/// <summary>JSON merge patch (RFC 7396, section 2): the algorithm there is this method.</summary>
internal static class MergePatch
{
    public static JsonNode? Apply(JsonNode? target, JsonNode? patch)
    {
        if (patch is not JsonObject members)
        {
            return patch?.DeepClone();
        }

        var result = target as JsonObject ?? [];
        foreach (var (name, value) in members)
        {
            if (value is null)
            {
                result.Remove(name);
            }
            else
            {
                result.TryGetPropertyValue(name, out var old);
                result[name] = Apply(old?.DeepClone(), value);
            }
        }

        return result;
    }
}
