using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace CapabilityRegistry.ServiceDefaults.Telemetry;

/// <summary>Writes every log entry as one JSON object on one line, with the members that the deployment guide's logs have (<c>asctime, name, levelname, message</c>), the trace that it belongs to,
/// and what it was told by name under <c>fields</c>.</summary>
internal sealed class JsonLines(TimeProvider clock) : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "json-lines";

    private const string Template = "{OriginalFormat}";

    /// <summary>Members of scopes that are said elsewhere in the line, or that nobody looks for.</summary>
    private static readonly string[] Left = [Template, "SpanId", "TraceId", "ParentId", "ConnectionId"];

    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        ArgumentNullException.ThrowIfNull(textWriter);
        var message = logEntry.Formatter(logEntry.State, logEntry.Exception);
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer, Readable))
        {
            json.WriteStartObject();
            json.WriteString("asctime", clock.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
            json.WriteString("name", logEntry.Category);
            json.WriteString("levelname", NameOf(logEntry.LogLevel));
            json.WriteString("message", message);
            WriteTrace(json);
            WriteFields(json, logEntry.State, scopeProvider);
            if (logEntry.Exception is { } exception)
            {
                json.WriteString("exc_info", exception.ToString());
            }

            json.WriteEndObject();
        }

        textWriter.WriteLine(Encoding.UTF8.GetString(buffer.WrittenSpan));
    }

    private static void WriteTrace(Utf8JsonWriter json)
    {
        if (Activity.Current is { IdFormat: ActivityIdFormat.W3C } activity)
        {
            json.WriteString("trace_id", activity.TraceId.ToHexString());
            json.WriteString("span_id", activity.SpanId.ToHexString());
        }
    }

    /// <summary>A name that was said already wins: the entry itself before the scope around it, the inner scope before the outer.</summary>
    private static void WriteFields<TState>(Utf8JsonWriter json, TState state, IExternalScopeProvider? scopes)
    {
        var fields = new Dictionary<string, object?>(StringComparer.Ordinal);
        var inner = new List<object?>();
        scopes?.ForEachScope((scope, all) => all.Add(scope), inner);
        foreach (var said in inner.Append(state).Reverse().OfType<IEnumerable<KeyValuePair<string, object?>>>())
        {
            foreach (var (name, value) in said)
            {
                if (!Left.Contains(name))
                {
                    fields.TryAdd(JsonNamingPolicy.SnakeCaseLower.ConvertName(name), value);
                }
            }
        }

        if (fields.Count > 0)
        {
            json.WriteStartObject("fields");
            foreach (var (name, value) in fields)
            {
                WriteValue(json, name, value);
            }

            json.WriteEndObject();
        }
    }

    private static void WriteValue(Utf8JsonWriter json, string name, object? value)
    {
        switch (value)
        {
            case null:
                json.WriteNull(name);
                break;
            case bool truth:
                json.WriteBoolean(name, truth);
                break;
            case int or long or short or byte:
                json.WriteNumber(name, Convert.ToInt64(value, CultureInfo.InvariantCulture));
                break;
            case double number when double.IsFinite(number):
                json.WriteNumber(name, number);
                break;
            default:
                json.WriteString(name, Convert.ToString(value, CultureInfo.InvariantCulture));
                break;
        }
    }

    /// <summary>The words of Python, by which the guide's logs are searched.</summary>
    private static string NameOf(LogLevel level) => level switch
    {
        LogLevel.Critical => "CRITICAL",
        LogLevel.Error => "ERROR",
        LogLevel.Warning => "WARNING",
        LogLevel.Information => "INFO",
        _ => "DEBUG",
    };
}
