using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace CapabilityRegistry.Data.Search.Elasticsearch;

/// <summary>Documents as they are sent.</summary>
internal static class Utf8
{
    public static byte[] Of(JsonObject json)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            json.WriteTo(writer);
        }

        return buffer.WrittenSpan.ToArray();
    }
}
