using System.Text.Encodings.Web;
using System.Text.RegularExpressions;

namespace CapabilityRegistry.Worker.Notifications;

/// <summary>A text with places (<c>{{name}}</c>) and one part that is repeated for every notification. What is put in is encoded, always.</summary>
internal sealed partial class MailTemplate
{
    private readonly string _before;
    private readonly string _each;
    private readonly string _after;
    private readonly Func<string, string> _encode;

    private MailTemplate(string text, Func<string, string> encode)
    {
        const string begin = "{{#notifications}}\n";
        const string end = "{{/notifications}}\n";
        var (from, to) = (text.IndexOf(begin, StringComparison.Ordinal), text.IndexOf(end, StringComparison.Ordinal));
        (_before, _each, _after, _encode) = (text[..from], text[(from + begin.Length)..to], text[(to + end.Length)..], encode);
    }

    public static MailTemplate PlainText { get; } = new(Read("digest.txt"), OneLine);

    public static MailTemplate Html { get; } = new(Read("digest.html"), text => HtmlEncoder.Default.Encode(OneLine(text)));

    /// <summary>A text without anything that breaks a line or turns its direction: what tenants call their things must not look like something that we say.</summary>
    public static string OneLine(string text) => Unprintable().Replace(text, " ").Trim();

    public string Fill(IReadOnlyDictionary<string, string> values, IEnumerable<IReadOnlyDictionary<string, string>> notifications) =>
        Fill(_before, values) + string.Concat(notifications.Select(n => Fill(_each, n))) + Fill(_after, values);

    private string Fill(string text, IReadOnlyDictionary<string, string> values) => Place().Replace(text, place => _encode(values[place.Groups["name"].Value]));

    private static string Read(string name)
    {
        using var stream = typeof(MailTemplate).Assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }

    [GeneratedRegex("{{(?<name>[a-z]+)}}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Place();

    [GeneratedRegex("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Unprintable();
}
