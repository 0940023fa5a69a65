namespace CapabilityRegistry.AppHost;

/// <summary>The deployment guide's <c>postgresql.conf</c> as arguments, in names that PostgreSQL 14 to 18 know.</summary>
internal static class PostgresTuning
{
    /// <summary>The arguments of the server.</summary>
    /// <param name="memoryGigabytes">What the machine has for the database; a quarter of it becomes shared buffers. The guide's values are those of 16 GB.</param>
    public static string[] Arguments(int memoryGigabytes) =>
    [
        .. Setting("max_connections", "200"),
        .. Setting("shared_buffers", $"{memoryGigabytes * 256}MB"),
        .. Setting("effective_cache_size", $"{memoryGigabytes * 768}MB"),
        .. Setting("work_mem", $"{memoryGigabytes * 4}MB"),
        .. Setting("maintenance_work_mem", $"{memoryGigabytes * 64}MB"),
        .. Setting("wal_buffers", "16MB"),
        // The guide's checkpoint_segments = 32 ended with PostgreSQL 9.4; its successor by the manual's formula, 3 * 32 * 16 MB.
        .. Setting("max_wal_size", "1536MB"),
        .. Setting("checkpoint_completion_target", "0.9"),
        .. Setting("random_page_cost", "1.1"),
        .. Setting("effective_io_concurrency", "200"),
        // Not into files, as in the guide: what a container writes to stderr is collected where it runs.
        .. Setting("log_statement", "mod"),
        .. Setting("log_min_duration_statement", "1000"),
    ];

    private static string[] Setting(string name, string value) => ["-c", $"{name}={value}"];
}
