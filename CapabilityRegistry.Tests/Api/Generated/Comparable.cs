using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using CapabilityRegistry.Tests.Testing;

namespace CapabilityRegistry.Tests.Api.Generated;

/// <summary>An answer without what must differ between two requests: the value that was asked for, ids of the request, and of what was done the ids, times and secrets that were made.</summary>
internal static partial class Comparable
{
    private static readonly string[] Ignored = ["Date", "X-Request-ID", "ETag", "Registry-Position"];

    public static string Of(Answer answer, TenantData caller, params string[] asked)
    {
        var text = new StringBuilder().Append(answer.Status).Append(' ').AppendLine(answer.ContentType);
        foreach (var (name, values) in answer.Headers.Where(h => !Ignored.Contains(h.Key)).OrderBy(h => h.Key, StringComparer.Ordinal))
        {
            text.Append(name).Append(": ").AppendJoin(", ", values).AppendLine();
        }

        text.Append(answer.Text);
        foreach (var form in asked.SelectMany(a => new[] { a, JsonEncodedText.Encode(a).ToString(), Uri.EscapeDataString(a) }))
        {
            text.Replace(form, "<asked>");
        }

        foreach (var (value, word) in caller.Names.OrderByDescending(n => n.Value.Length))
        {
            text.Replace(value, word);
        }

        var result = Traces().Replace(text.ToString(), "\"trace_id\":\"\"");
        return answer.Status is >= 200 and < 300 ? Made().Replace(Cursors().Replace(result, ""), "<made>") : result;
    }

    /// <summary>A page without how far the sequence has come, which others move, and without when it was made.</summary>
    public static string WithoutHead(string text) => Heads().Replace(text, "");

    [GeneratedRegex("\"position\":\\d+,\"head\":\\d+|\"events_head\":\\d+|\"timestamp\":\"[^\"]*\"", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Heads();

    [GeneratedRegex("\"trace_id\":\"[^\"]*\"", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Traces();

    /// <summary>Cursors are sealed with something random in them.</summary>
    [GeneratedRegex("(?<=\"next_cursor\":\"|[?]cursor=)[A-Za-z0-9_-]+", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Cursors();

    /// <summary>Ids, times, digests, secrets, access tokens and positions.</summary>
    [GeneratedRegex(
        "[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}|\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d[.0-9]*(Z|\\+00:00)|sha256:[0-9a-f]{64}|crs_[A-Za-z0-9_-]+|whsec_[A-Za-z0-9+/=]+|msg_[0-9a-f]{32}|eyJ[A-Za-z0-9._-]+|(?<=\"(catalogue_position|audit_id|position|head|events_head)\":)\\d+",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Made();
}
