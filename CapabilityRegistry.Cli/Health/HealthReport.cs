namespace CapabilityRegistry.Cli.Health;

/// <summary>What the registry says of itself at <c>/api/registry/health</c>.</summary>
internal sealed record RegistryHealth(string? Status, string? Version, double UptimeSeconds, IReadOnlyList<ComponentHealth>? Components);

/// <summary>One thing that the registry needs.</summary>
internal sealed record ComponentHealth(string? Name, string? Status, double DurationMs, string? Reason);

/// <summary>What one check found.</summary>
/// <param name="Name">What was checked.</param>
/// <param name="Status">As the registry says it: <c>healthy</c>, <c>degraded</c> or <c>unhealthy</c>.</param>
/// <param name="DurationMs">How long it took.</param>
/// <param name="Reason">What is wrong, or worth knowing.</param>
internal sealed record Check(string Name, string Status, double DurationMs, string? Reason)
{
    public const string Healthy = "healthy";
    public const string Degraded = "degraded";
    public const string Unhealthy = "unhealthy";

    public bool IsWell => Status is Healthy or Degraded;
}

/// <summary>Everything that was found: well when nothing is unhealthy.</summary>
internal sealed record HealthReport(string Status, IReadOnlyList<Check> Checks)
{
    public static HealthReport Of(IReadOnlyList<Check> checks) =>
        new(checks.All(c => c.Status == Check.Healthy) ? Check.Healthy : checks.All(c => c.IsWell) ? Check.Degraded : Check.Unhealthy, checks);
}
