using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;

namespace CapabilityRegistry.Tests.Api.Generated;

/// <summary>Spoils bodies: by their schema, as text, and as bytes.</summary>
internal static class BodyMutations
{
    private const int LargeBytes = 1_300_000;

    public static byte[] Apply(Call call, Random random)
    {
        if (call.Body is not JsonObject body)
        {
            return Pick(Odd.Bodies, random);
        }

        return random.Next(10) switch
        {
            0 => Pick(Odd.Bodies, random),
            1 or 2 => SpoilBytes(Encoding.UTF8.GetBytes(call.Text!), random),
            _ => Encoding.UTF8.GetBytes(SpoilMembers(body, call.Schema!, random)),
        };
    }

    /// <summary>What a Content-Encoding promises, or nearly.</summary>
    public static byte[] Encode(byte[] body, string coding, Random random)
    {
        if (coding is not ("gzip" or "br" or "deflate") || random.Next(3) == 0)
        {
            return body;
        }

        using var encoded = new MemoryStream();
        using (Stream stream = coding == "gzip" ? new GZipStream(encoded, CompressionMode.Compress) : coding == "br" ? new BrotliStream(encoded, CompressionMode.Compress) : new ZLibStream(encoded, CompressionMode.Compress))
        {
            stream.Write(body);
        }

        return random.Next(2) == 0 ? encoded.ToArray() : SpoilBytes(encoded.ToArray(), random);
    }

    private static string SpoilMembers(JsonObject body, ApiSchema schema, Random random)
    {
        var raw = new List<string>();
        for (var times = random.Next(1, 4); times > 0; times--)
        {
            var (at, here) = Descend(body, schema, random);
            Spoil(at, here, raw, random);
        }

        var text = raw.Index().Aggregate(body.ToJsonString(), (t, r) => t.Replace($"\"~raw{r.Index}~\"", r.Item, StringComparison.Ordinal));
        return random.Next(12) switch
        {
            0 => $"[{text}]",
            1 when body.Count > 0 => $"{{\"{body.First().Key}\":null,{text[1..]}",
            2 => $"{text}{text}",
            3 when random.Next(20) == 0 => $"{{\"long_description\":\"{new string('x', LargeBytes)}\",{text[1..]}",
            _ => text,
        };
    }

    private static (JsonObject At, ApiSchema Schema) Descend(JsonObject at, ApiSchema schema, Random random)
    {
        while (random.Next(2) == 0)
        {
            var deeper = at.Select(m => (Node: m.Value is JsonArray { Count: > 0 } array ? array[0] : m.Value, Schema: schema.Property(m.Key) is { Items: { } items } ? items : schema.Property(m.Key)))
                .Where(m => m is { Node: JsonObject, Schema: not null }).ToArray();
            if (deeper.Length == 0)
            {
                break;
            }

            var (node, below) = Pick(deeper, random);
            (at, schema) = (node!.AsObject(), below!);
        }

        return (at, schema);
    }

    private static void Spoil(JsonObject at, ApiSchema schema, List<string> raw, Random random)
    {
        string[] known = [.. schema.Properties.Select(p => p.Name).Concat(at.Select(m => m.Key)).Distinct()];
        var name = known.Length == 0 ? "a" : Pick(known, random);
        switch (random.Next(8))
        {
            case 0:
                at.Remove(name);
                break;
            case 1:
                at[$"{name}s"] = name;
                break;
            case 2 when name.Length > 2:
                var near = name.Remove(random.Next(name.Length), 1);
                at[near] = at[name]?.DeepClone();
                break;
            case 3 when schema.Property(name) is { } property:
                at[name] = property.Items is { } items ? new JsonArray(items.Least(name, n => n)) : property.Least(name, n => n);
                break;
            default:
                at[name] = $"~raw{raw.Count}~";
                raw.Add(Pick(Odd.Json, random));
                break;
        }
    }

    private static byte[] SpoilBytes(byte[] bytes, Random random)
    {
        var at = random.Next(bytes.Length + 1);
        return random.Next(8) switch
        {
            0 => bytes[..at],
            1 => [0xEF, 0xBB, 0xBF, .. bytes],
            2 => [.. bytes[..at], 0xFF, .. bytes[at..]],
            3 => [.. bytes[..at], 0xED, 0xA0, 0x80, .. bytes[at..]],
            4 => [.. bytes[..at], (byte)random.Next(256), .. bytes.Skip(at + 1)],
            5 => [.. bytes, .. "\n"u8, .. bytes],
            6 => Encoding.Unicode.GetBytes(Encoding.UTF8.GetString(bytes)),
            _ => [.. bytes[..at], 0, .. bytes[at..]],
        };
    }

    private static T Pick<T>(T[] from, Random random) => from[random.Next(from.Length)];
}
