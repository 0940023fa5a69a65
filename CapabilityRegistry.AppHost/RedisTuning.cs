namespace CapabilityRegistry.AppHost;

/// <summary>The deployment guide's <c>redis.conf</c> as arguments; the password is the integration's.</summary>
internal static class RedisTuning
{
    private static readonly string[] Arguments =
    [
        "--maxmemory", "2gb",
        "--maxmemory-policy", "allkeys-lru",
        "--save", "900", "1", "300", "10", "60", "10000",
        .. Without("FLUSHDB"),
        .. Without("FLUSHALL"),
        .. Without("DEBUG"),
        .. Without("CONFIG"),
    ];

    /// <summary>Adds the arguments. The integration hands them to a shell: when run, joined by spaces; when published, as one script.</summary>
    public static IResourceBuilder<RedisResource> WithTuning(this IResourceBuilder<RedisResource> redis) => redis.WithArgs(context =>
    {
        if (context.ExecutionContext.IsPublishMode && context.Args is [.., string script])
        {
            // The server in the shell's place: a shell that waits for it does not hand SIGTERM on.
            context.Args[^1] = $"exec {script} {string.Join(' ', Arguments)}";
            return;
        }

        foreach (var argument in Arguments)
        {
            context.Args.Add(argument);
        }
    });

    private static string[] Without(string command) => ["--rename-command", command, "''"];
}
