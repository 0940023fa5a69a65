namespace CapabilityRegistry.Cli.Resolution;

/// <summary>What is asked of the resolver. Without a budget the registry's own applies.</summary>
internal sealed record ResolveRequest(
    IReadOnlyList<Requirement> Requirements, IReadOnlyList<string> Include, int? BudgetMs = null, IReadOnlyList<LockedVersion>? Lock = null);

/// <summary>A version to keep when possible.</summary>
internal sealed record LockedVersion(string CapabilityCode, string Version);
