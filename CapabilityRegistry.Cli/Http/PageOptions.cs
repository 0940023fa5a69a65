using System.CommandLine;

namespace CapabilityRegistry.Cli.Http;

/// <summary>The options of commands that show a list.</summary>
internal sealed class PageOptions
{
    private readonly Option<int?> _page = new("--page") { Description = "Which page, from 1", HelpName = "N" };
    private readonly Option<int?> _perPage = new("--per-page") { Description = "How many a page; the registry's default when not given", HelpName = "N" };

    public void AddTo(Command command)
    {
        command.Add(_page);
        command.Add(_perPage);
    }

    public string? Page(ParseResult parsed) => parsed.GetValue(_page)?.ToString();

    public string? PerPage(ParseResult parsed) => parsed.GetValue(_perPage)?.ToString();
}
