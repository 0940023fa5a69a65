using System.CommandLine;
using System.CommandLine.Parsing;
using CapabilityRegistry.Cli.Http;

namespace CapabilityRegistry.Cli;

/// <summary>The options that every command takes.</summary>
internal sealed class GlobalOptions
{
    private readonly Option<Uri> _url = new("--url")
    {
        Description = "Address of the registry; the environment's REGISTRY_URL when not given",
        HelpName = "URL",
        Recursive = true,
        CustomParser = result => ParseUrl(result, result.Tokens[0].Value),
        DefaultValueFactory = result => ParseUrl(result, FromEnvironment("REGISTRY_URL") ?? "http://127.0.0.1:8000"),
    };

    private readonly Option<string> _tenant = new("--tenant")
    {
        Description = "Whose catalogue; the environment's REGISTRY_TENANT when not given",
        HelpName = "ID",
        Recursive = true,
        DefaultValueFactory = _ => FromEnvironment("REGISTRY_TENANT") ?? "default",
    };

    private readonly Option<bool> _json = new("--json") { Description = "Write the registry's JSON answer to standard output, and nothing else", Recursive = true };

    private readonly Option<bool> _noColor = new("--no-color") { Description = "Write without colours, as with NO_COLOR in the environment", Recursive = true };

    public void AddTo(RootCommand root)
    {
        root.Add(_url);
        root.Add(_tenant);
        root.Add(_json);
        root.Add(_noColor);
    }

    /// <summary>Makes a command run its action in a session, with failures reported in the one way.</summary>
    public void SetAction(Command command, Func<ParseResult, Session, CancellationToken, Task<int>> action) =>
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = new RegistryClient(parsed.GetRequiredValue(_url), parsed.GetRequiredValue(_tenant), TimeProvider.System);
            var session = new Session(client, parsed.GetValue(_json), parsed.GetValue(_noColor), TimeProvider.System);
            return await Failures.GuardAsync(session, () => action(parsed, session, cancellationToken), cancellationToken);
        });

    private static Uri ParseUrl(ArgumentResult result, string text)
    {
        if (Uri.TryCreate(text, UriKind.Absolute, out var url) && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps))
        {
            return url;
        }

        result.AddError($"'{text}' is no address of a registry; it looks like http://127.0.0.1:8000.");
        return new("about:blank");
    }

    private static string? FromEnvironment(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
