namespace CapabilityRegistry.Data;

/// <summary>Marks a migration that takes away or narrows what the release before does not use any more (docs/adr/0018).</summary>
/// <param name="targets">What: <c>table</c>, <c>table.column</c>, the name of a constraint or index, or <c>sql</c> for a statement of its own.</param>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class ContractsAttribute(params string[] targets) : Attribute
{
    public IReadOnlyList<string> Targets => targets;
}
