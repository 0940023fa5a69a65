using Spectre.Console;

namespace CapabilityRegistry.Cli;

/// <summary>Text that came from elsewhere, made safe to show: Spectre must not read it as markup, nor a terminal obey its control characters.</summary>
internal static class Shown
{
    public static Style Dim { get; } = new(decoration: Decoration.Dim);

    public static Style Strong { get; } = new(decoration: Decoration.Bold);

    public static Text Text(string? text, Style? style = null) => new(Clean(text), style);

    /// <summary>For the few places that take nothing but markup.</summary>
    public static string Markup(string? text) => Spectre.Console.Markup.Escape(Clean(text));

    /// <summary>Writes a line or more; nothing when there is no text.</summary>
    public static void Say(this IAnsiConsole console, string? text, Style? style = null)
    {
        if (text is { Length: > 0 })
        {
            console.Write(Text(text, style));
            console.WriteLine();
        }
    }

    public static string Clean(string? text) =>
        text is null ? "" : text.Any(IsUnsafe) ? string.Concat(text.Select(c => IsUnsafe(c) ? '\uFFFD' : c)) : text;

    private static bool IsUnsafe(char character) => char.IsControl(character) && character is not '\n';
}
