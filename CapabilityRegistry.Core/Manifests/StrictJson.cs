using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.Unicode;

namespace CapabilityRegistry.Core.Manifests;

/// <summary>Binds JSON to a type and reports everything that does not fit, where System.Text.Json stops at the first: unknown members (with the nearest known name),
/// wrong types, missing members, words that an enumeration does not have.</summary>
/// <remarks>The rules come from System.Text.Json's own contract of the type, so that there is one description of a document. Time and memory are linear in the document.</remarks>
public static partial class StrictJson
{
    private const int MaxFindings = 100;

    /// <summary>Parses and binds a document.</summary>
    /// <returns>The value, or null when there are findings. A document that is no JSON at all gives one finding with the position.</returns>
    public static T? Read<T>(ReadOnlyMemory<byte> utf8, ICollection<Finding> findings)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(findings);
        using var document = Parse(utf8, findings);
        return document is null ? null : Bind<T>(document.RootElement, findings);
    }

    /// <summary>Binds a document of which nothing needs to be said: the fast way for the many that are well-formed. Null when the slow way must look at it.</summary>
    /// <remarks>A document with escaped characters goes the slow way, since only that finds half surrogate pairs and U+0000. Null items of lists pass here: whoever uses
    /// this checks them.</remarks>
    public static T? ReadPlain<T>(ReadOnlyMemory<byte> utf8)
        where T : class
    {
        if (utf8.Span.IndexOf("\\u"u8) >= 0 || !Utf8.IsValid(utf8.Span))
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize<T>(utf8.Span, RegistryJson.Options);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Parses UTF-8 to a document; null, with a finding, when it is no JSON, nested too deeply or no UTF-8 at all.</summary>
    public static JsonDocument? Parse(ReadOnlyMemory<byte> utf8, ICollection<Finding> findings)
    {
        ArgumentNullException.ThrowIfNull(findings);
        if (!Utf8.IsValid(utf8.Span))
        {
            findings.Add(new("", "invalid_utf8", "The text is not valid UTF-8."));
            return null;
        }

        try
        {
            return JsonDocument.Parse(utf8, RegistryJson.Document);
        }
        catch (JsonException exception)
        {
            findings.Add(NotJson(exception));
            return null;
        }
    }

    /// <summary>Binds a parsed document.</summary>
    public static T? Bind<T>(JsonElement element, ICollection<Finding> findings)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(findings);
        var before = findings.Count;
        Check(element, RegistryJson.Options.GetTypeInfo(typeof(T)), "", findings);
        if (findings.Count > before)
        {
            return null;
        }

        try
        {
            return element.Deserialize<T>(RegistryJson.Options);
        }
        catch (JsonException exception)
        {
            findings.Add(new(ToPointer(exception.Path), "invalid_value", "The value does not fit its type."));
            return null;
        }
    }

    /// <summary>The finding for text that is no JSON.</summary>
    private static Finding NotJson(JsonException exception)
    {
        var message = exception.Message.Split(" Path:", 2)[0].Split(" LineNumber:", 2)[0];
        return exception.BytePositionInLine is { } position
            ? new("", "invalid_json", string.Create(CultureInfo.InvariantCulture, $"Not valid JSON at line {exception.LineNumber + 1}, byte {position}: {message}"))
            : new("", "invalid_json", $"Not valid JSON: {message}");
    }

    private static void Check(JsonElement element, JsonTypeInfo contract, string pointer, ICollection<Finding> findings)
    {
        if (findings.Count >= MaxFindings)
        {
            return;
        }

        switch (contract.Kind)
        {
            case JsonTypeInfoKind.Object when Is(element, JsonValueKind.Object, "an object", pointer, findings):
                CheckObject(element, contract, pointer, findings);
                break;
            case JsonTypeInfoKind.Enumerable when Is(element, JsonValueKind.Array, "an array", pointer, findings):
                CheckItems(element, contract.ElementType!, pointer, findings);
                break;
            case JsonTypeInfoKind.Dictionary when Is(element, JsonValueKind.Object, "an object", pointer, findings):
                CheckValues(element, contract.ElementType!, pointer, findings);
                break;
            case JsonTypeInfoKind.None:
                CheckScalar(element, contract.Type, pointer, findings);
                break;
        }
    }

    private static void CheckObject(JsonElement element, JsonTypeInfo contract, string pointer, ICollection<Finding> findings)
    {
        foreach (var member in element.EnumerateObject())
        {
            var property = Find(contract, member);
            var at = $"{pointer}/{Escape(member.Name)}";
            if (property is null)
            {
                findings.Add(new(at, "unknown_member", $"There is no member '{Shorten(member.Name)}'.{NearestName.Hint(member.Name, contract.Properties.Select(p => p.Name))}"));
            }
            else if (member.Value.ValueKind is not JsonValueKind.Null)
            {
                Check(member.Value, RegistryJson.Options.GetTypeInfo(property.PropertyType), at, findings);
            }
            else if (property.IsRequired || !property.IsSetNullable)
            {
                findings.Add(new(at, "null_value", $"'{member.Name}' must not be null."));
            }
        }

        foreach (var property in contract.Properties)
        {
            if (property.IsRequired && !element.TryGetProperty(property.Name, out _))
            {
                findings.Add(new($"{pointer}/{property.Name}", "missing_member", $"'{property.Name}' is required."));
            }
        }
    }

    private static JsonPropertyInfo? Find(JsonTypeInfo contract, JsonProperty member)
    {
        foreach (var property in contract.Properties)
        {
            if (member.NameEquals(property.Name))
            {
                return property;
            }
        }

        return null;
    }

    private static void CheckItems(JsonElement element, Type type, string pointer, ICollection<Finding> findings)
    {
        var contract = RegistryJson.Options.GetTypeInfo(type);
        var index = 0;
        foreach (var item in element.EnumerateArray())
        {
            if (item.ValueKind is JsonValueKind.Null)
            {
                findings.Add(new($"{pointer}/{index}", "null_value", "An item must not be null."));
            }
            else if (!IsPlainText(item, contract.Type))
            {
                Check(item, contract, $"{pointer}/{index}", findings);
            }

            if (findings.Count >= MaxFindings)
            {
                return;
            }

            index++;
        }
    }

    private static void CheckValues(JsonElement element, Type type, string pointer, ICollection<Finding> findings)
    {
        if (type == typeof(JsonElement))
        {
            return;
        }

        foreach (var member in element.EnumerateObject())
        {
            Check(member.Value, RegistryJson.Options.GetTypeInfo(type), $"{pointer}/{Escape(member.Name)}", findings);
        }
    }

    private static bool Is(JsonElement element, JsonValueKind expected, string name, string pointer, ICollection<Finding> findings)
    {
        if (element.ValueKind != expected)
        {
            findings.Add(WrongType(element, name, pointer));
            return false;
        }

        if (expected is JsonValueKind.String && !IsPlainText(element, typeof(string)) && TextOf(element)?.Contains('\0', StringComparison.Ordinal) is not false)
        {
            findings.Add(new(pointer, "invalid_unicode", "The string holds U+0000 or half of a surrogate pair."));
            return false;
        }

        return true;
    }

    /// <summary>Whether the element is a string without escapes: valid by the parser's own check, at no cost for the common case.</summary>
    private static bool IsPlainText(JsonElement element, Type type) =>
        type == typeof(string) && element.ValueKind is JsonValueKind.String && !JsonMarshal.GetRawUtf8Value(element).Contains((byte)'\\');

    private static string? TextOf(JsonElement element)
    {
        try
        {
            return element.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static Finding WrongType(JsonElement element, string expected, string pointer)
    {
        var actual = element.ValueKind switch
        {
            JsonValueKind.Object => "an object",
            JsonValueKind.Array => "an array",
            JsonValueKind.String => "a string",
            JsonValueKind.Number => "a number",
            JsonValueKind.Null => "null",
            _ => "true or false",
        };
        return new(pointer, "wrong_type", $"Must be {expected}, not {actual}.");
    }

    private static string Escape(string name) => Shorten(name).Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);

    private static string Shorten(string text) => text.Length <= 64 ? text : string.Concat(text.AsSpan(0, 63), "…");

    private static string ToPointer(string? path) =>
        string.IsNullOrEmpty(path) ? "" : path.TrimStart('$').Replace("[", "/", StringComparison.Ordinal).Replace("]", "", StringComparison.Ordinal).Replace('.', '/');
}
