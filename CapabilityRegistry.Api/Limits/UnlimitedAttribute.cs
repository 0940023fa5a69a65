namespace CapabilityRegistry.Api.Limits;

/// <summary>Endpoints with it are not limited: probes must be answered whoever else is asking.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
internal sealed class UnlimitedAttribute : Attribute;
