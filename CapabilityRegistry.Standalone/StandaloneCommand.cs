using System.CommandLine;
using CapabilityRegistry.Data;
using CapabilityRegistry.ServiceDefaults.Configuration;
using CapabilityRegistry.Standalone.Postgres;

namespace CapabilityRegistry.Standalone;

/// <summary>The command line: by default the whole registry, with <c>postgres</c> only the database server, for the AppHost.</summary>
internal static class StandaloneCommand
{
    private const int DefaultPort = 8000;
    private const string PasswordVariable = "REGISTRY_DATABASE_PASSWORD";
    private const string OwnerPasswordVariable = "REGISTRY_OWNER_PASSWORD";

    public static RootCommand Create()
    {
        var port = new Option<int>("--port") { Description = "The HTTP port on 127.0.0.1.", DefaultValueFactory = _ => DefaultPort };
        var data = new Option<string>("--data") { Description = "Where the data lies.", DefaultValueFactory = _ => DataFolder.DefaultPath };
        var fresh = new Option<bool>("--fresh") { Description = "Discard the data that lies there." };
        var seed = new Option<string?>("--seed") { Description = "An NDJSON file of manifests to load (plain or gzip), or 'builtin' for the example." };
        port.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > 65535)
            {
                result.AddError("--port is a number from 1 to 65535.");
            }
        });
        var root = new RootCommand("The Capability Registry in one process, over a PostgreSQL that it starts and owns.") { port, data, fresh, seed };
        var newSecret = new Option<bool>("--new-secret") { Description = "Make and print a further secret of the first administrator." };
        root.Options.Add(newSecret);
        root.SetAction((arguments, cancellationToken) => Guard(() => StandaloneHost.RunAsync(
            new(arguments.GetValue(port), arguments.GetValue(data)!, arguments.GetValue(fresh), arguments.GetValue(seed), arguments.GetValue(newSecret), GuideVariablesExtensions.DatabaseOfEnvironment()),
            cancellationToken)));
        root.Subcommands.Add(Postgres(data, fresh));
        return root;
    }

    private static Command Postgres(Option<string> data, Option<bool> fresh)
    {
        var port = new Option<int>("--port") { Description = "The port of PostgreSQL; 0 for any that is free." };
        var command = new Command("postgres", $"Runs only the PostgreSQL server, until stopped. The environment's {PasswordVariable} and {OwnerPasswordVariable} are the passwords of the roles 'registry' and 'registry_owner'; by default they are generated.") { port, data, fresh };
        command.SetAction((arguments, cancellationToken) => Guard(async () =>
        {
            await using var server = await EmbeddedPostgres.StartAsync(
                new()
                {
                    DataDirectory = arguments.GetValue(data)!,
                    Port = arguments.GetValue(port),
                    Fresh = arguments.GetValue(fresh),
                    ApplicationPassword = Environment.GetEnvironmentVariable(PasswordVariable),
                    OwnerPassword = Environment.GetEnvironmentVariable(OwnerPasswordVariable),
                },
                cancellationToken: cancellationToken);
            Console.WriteLine($"PostgreSQL listens on 127.0.0.1:{server.Port}.");
            await server.SuperviseAsync(cancellationToken);
        }));
        return command;
    }

    /// <summary>What goes wrong for a reason that the user can mend is one sentence, not a stack.</summary>
    private static async Task<int> Guard(Func<Task> run)
    {
        try
        {
            await run();
            return 0;
        }
        catch (OperationCanceledException)
        {
            return 0;
        }
        catch (Exception exception) when (ConfigurationException.From(exception) is { } configuration)
        {
            await Console.Error.WriteLineAsync(configuration.Message);
            return ConfigurationGuard.ExitCode;
        }
        catch (Exception exception) when (exception is EmbeddedPostgresException or SeedException or IOException or Npgsql.PostgresException or MigrationException)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return 1;
        }
    }
}
