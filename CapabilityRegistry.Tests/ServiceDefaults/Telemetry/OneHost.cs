namespace CapabilityRegistry.Tests.ServiceDefaults.Telemetry;

/// <summary>For tests that read metrics: OpenTelemetry takes the meters of all hosts in a process for one, and forgets them with the first that ends. Deployed processes have one host.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class OneHost
{
    public const string Name = "one host at a time";
}
