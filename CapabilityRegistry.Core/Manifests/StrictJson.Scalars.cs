using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace CapabilityRegistry.Core.Manifests;

/// <content>Values without members: texts, numbers, words of enumerations and what is written as text.</content>
public static partial class StrictJson
{
    private static readonly ConcurrentDictionary<Type, string[]> EnumWords = new();

    private static void CheckScalar(JsonElement element, Type type, string pointer, ICollection<Finding> findings)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(JsonElement) || type == typeof(object))
        {
            return;
        }

        if (type == typeof(JsonObject))
        {
            Is(element, JsonValueKind.Object, "an object", pointer, findings);
        }
        else if (type.IsEnum)
        {
            CheckEnum(element, type, pointer, findings);
        }
        else if (type == typeof(bool))
        {
            if (element.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
            {
                findings.Add(WrongType(element, "true or false", pointer));
            }
        }
        else if (type == typeof(string))
        {
            Is(element, JsonValueKind.String, "a string", pointer, findings);
        }
        else if (type == typeof(int) || type == typeof(long) || type == typeof(double) || type == typeof(decimal))
        {
            CheckNumber(element, type, pointer, findings);
        }
        else if (Is(element, JsonValueKind.String, "a string", pointer, findings) && !Parses(element, type))
        {
            findings.Add(new(pointer, "invalid_value", type == typeof(Guid) ? "Must be a UUID." : "Must be a time by RFC 3339, such as 2026-11-23T12:00:00Z."));
        }
    }

    private static bool Parses(JsonElement element, Type type) =>
        type == typeof(Guid) ? element.TryGetGuid(out _) : type != typeof(DateTimeOffset) || element.TryGetDateTimeOffset(out _);

    private static void CheckNumber(JsonElement element, Type type, string pointer, ICollection<Finding> findings)
    {
        if (!Is(element, JsonValueKind.Number, "a number", pointer, findings))
        {
            return;
        }

        var fits = type == typeof(int) ? element.TryGetInt32(out _)
            : type == typeof(long) ? element.TryGetInt64(out _)
            : type == typeof(decimal) ? element.TryGetDecimal(out _)
            : element.TryGetDouble(out var number) && double.IsFinite(number);
        if (!fits)
        {
            findings.Add(new(pointer, "number_out_of_range", $"The number {Shorten(element.GetRawText())} does not fit {(type == typeof(int) || type == typeof(long) ? "an integer" : "a number")} of this size."));
        }
    }

    private static void CheckEnum(JsonElement element, Type type, string pointer, ICollection<Finding> findings)
    {
        if (!Is(element, JsonValueKind.String, "a string", pointer, findings))
        {
            return;
        }

        var words = EnumWords.GetOrAdd(type, static t => [.. Enum.GetNames(t).Select(JsonNamingPolicy.SnakeCaseLower.ConvertName)]);
        if (TextOf(element) is not { } word || !words.Contains(word))
        {
            findings.Add(new(pointer, "invalid_value", $"'{Shorten(TextOf(element) ?? "?")}' is none of {string.Join(", ", words)}."));
        }
    }
}
