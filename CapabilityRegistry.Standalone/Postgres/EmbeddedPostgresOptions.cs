namespace CapabilityRegistry.Standalone.Postgres;

/// <summary>What the embedded server is asked to be. Every value but the folder has a default that suits the standalone host.</summary>
internal sealed record EmbeddedPostgresOptions
{
    /// <summary>The folder that holds the cluster and the files beside it; created when missing. See <see cref="DataFolder.DefaultPath"/>.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>The TCP port on 127.0.0.1; 0 picks a free one and remembers it in the folder.</summary>
    public int Port { get; init; }

    /// <summary>The database of the application, the role that owns it and its tables, and the login that works with them: that one owns nothing, so row-level security binds it.</summary>
    public string Database { get; init; } = "registry";

    public string OwnerRole { get; init; } = "registry_owner";

    public string ApplicationRole { get; init; } = "registry";

    /// <summary>A password of the application role chosen elsewhere (the AppHost's parameter); null derives one from the cluster's own secret.</summary>
    public string? ApplicationPassword { get; init; }

    /// <summary>A password of the owner chosen elsewhere; null derives one from the cluster's own secret.</summary>
    public string? OwnerPassword { get; init; }

    public string SuperuserName { get; init; } = "postgres";

    /// <summary>False trades every guarantee against a crash for speed: for tests only.</summary>
    public bool Durable { get; init; } = true;

    /// <summary>Throws away the cluster that the folder holds and makes a new one.</summary>
    public bool Fresh { get; init; }

    /// <summary>The folder of initdb, pg_ctl and postgres; null searches for it. See <see cref="PostgresBinaries"/>.</summary>
    public string? BinariesFolder { get; init; } = Environment.GetEnvironmentVariable(PostgresBinaries.FolderVariable);

    /// <summary>Server settings that win over the embedded ones, such as <c>max_connections</c>.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>How long the server may take until it accepts connections; recovery after a crash is part of it.</summary>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromMinutes(2);
}
