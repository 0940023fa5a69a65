using System.Text;
using System.Text.Json;

namespace CapabilityRegistry.Core.Manifests;

/// <summary>The text of a manifest as it is stored: byte for byte as it came, without white space between tokens and without its lifecycle, which is kept beside it.</summary>
internal static class ManifestText
{
    public static string WithoutLifecycle(ReadOnlySpan<byte> utf8)
    {
        var text = new byte[utf8.Length + 1];
        var length = 0;
        var reader = new Utf8JsonReader(utf8, new() { MaxDepth = RegistryJson.MaxDepth });
        while (reader.Read())
        {
            if (reader is { TokenType: JsonTokenType.PropertyName, CurrentDepth: 1 } && reader.ValueTextEquals("lifecycle"u8))
            {
                reader.Skip();
                continue;
            }

            length = Append(text, length, ref reader, utf8);
        }

        return Encoding.UTF8.GetString(text, 0, length);
    }

    /// <summary>Copies a token from the source, with the comma before it where one belongs.</summary>
    private static int Append(byte[] text, int length, ref Utf8JsonReader reader, ReadOnlySpan<byte> utf8)
    {
        var closes = reader.TokenType is JsonTokenType.EndObject or JsonTokenType.EndArray;
        if (length > 0 && !closes && text[length - 1] is not ((byte)'{' or (byte)'[' or (byte)':'))
        {
            text[length++] = (byte)',';
        }

        var token = utf8[(int)reader.TokenStartIndex..(int)reader.BytesConsumed];
        if (reader.TokenType is JsonTokenType.PropertyName)
        {
            token = token[..(token.LastIndexOf((byte)'"') + 1)];
            token.CopyTo(text.AsSpan(length));
            text[length + token.Length] = (byte)':';
            return length + token.Length + 1;
        }

        token.CopyTo(text.AsSpan(length));
        return length + token.Length;
    }
}
