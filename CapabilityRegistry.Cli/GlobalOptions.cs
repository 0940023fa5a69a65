using System.CommandLine;
using System.CommandLine.Parsing;
using CapabilityRegistry.Cli.Http;
using Spectre.Console;

namespace CapabilityRegistry.Cli;

/// <summary>The options that every command takes.</summary>
internal sealed class GlobalOptions(Surroundings surroundings)
{
    private readonly Option<Uri> _url = new("--url")
    {
        Description = "Address of the registry; the environment's REGISTRY_URL when not given",
        HelpName = "URL",
        Recursive = true,
        CustomParser = result => ParseUrl(result, result.Tokens[0].Value),
        DefaultValueFactory = result => ParseUrl(result, surroundings.Variable("REGISTRY_URL") ?? "http://127.0.0.1:8000"),
    };

    private readonly Option<string> _tenant = new("--tenant")
    {
        Description = "Tenant to log in to, or whose login to use; the environment's REGISTRY_TENANT when not given, then 'default' or the only one there is",
        HelpName = "ID",
        Recursive = true,
        Validators = { RefuseEmpty },
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
        SetLocalAction(command, (parsed, session, cancellationToken) =>
        {
            if (session.Connection.IsInClear)
            {
                session.Notices.Say($"Credentials travel in clear to {session.Connection.Url}; whoever can listen can use them.", new(Color.Yellow));
            }

            return action(parsed, session, cancellationToken);
        });

    /// <summary>The same for a command that sends nothing to the registry.</summary>
    public void SetLocalAction(Command command, Func<ParseResult, Session, CancellationToken, Task<int>> action) =>
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var connection = new Connection(parsed.GetRequiredValue(_url), surroundings.Clock);
            var tenant = parsed.GetValue(_tenant) ?? surroundings.Variable("REGISTRY_TENANT");
            var session = new Session(surroundings, connection, tenant, parsed.GetValue(_json), parsed.GetValue(_noColor));
            return await Failures.GuardAsync(session, () => action(parsed, session, cancellationToken), cancellationToken);
        });

    /// <summary>A script's empty variable must not choose another tenant than the script means.</summary>
    private static void RefuseEmpty(OptionResult result)
    {
        if (result.Tokens is [{ Value.Length: 0 }])
        {
            result.AddError("--tenant must not be empty.");
        }
    }

    private static Uri ParseUrl(ArgumentResult result, string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || (url.Scheme != Uri.UriSchemeHttp && url.Scheme != Uri.UriSchemeHttps))
        {
            result.AddError($"'{text}' is no address of a registry; it looks like http://127.0.0.1:8000.");
        }
        else if (url.UserInfo.Length > 0)
        {
            result.AddError("The address must not have a user or a password in it; log in with: registry login");
        }
        else
        {
            return url;
        }

        return new("about:blank");
    }
}
