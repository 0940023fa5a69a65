using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace CapabilityRegistry.Core.Manifests;

/// <summary>The one way in which this system writes and reads JSON: snake_case, enumerations as words, nothing null, no case folding, no duplicate members.</summary>
public static class RegistryJson
{
    /// <summary>The deepest nesting that any document may have.</summary>
    public const int MaxDepth = 32;

    /// <summary>Options for everything that crosses the wire or is stored.</summary>
    public static JsonSerializerOptions Options { get; } = Configure(new() { TypeInfoResolver = new DefaultJsonTypeInfoResolver() });

    /// <summary>How a document is parsed before it is bound.</summary>
    public static JsonDocumentOptions Document { get; } = new() { MaxDepth = MaxDepth, AllowDuplicateProperties = false };

    /// <summary>How a document is written back member for member.</summary>
    public static JsonWriterOptions Compact { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>Applies the system's settings to options that a framework owns.</summary>
    public static JsonSerializerOptions Configure(JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
        options.PropertyNameCaseInsensitive = false;
        options.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        options.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        options.MaxDepth = MaxDepth;
        options.AllowDuplicateProperties = false;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        options.RespectNullableAnnotations = true;
        options.Converters.Add(new WordConverter());
        return options;
    }
}
