namespace CapabilityRegistry.Cli.Compositions;

/// <summary>A composition in a list.</summary>
internal sealed record CompositionRow(string? CompositionId, string? Name, string? CompositionType);
