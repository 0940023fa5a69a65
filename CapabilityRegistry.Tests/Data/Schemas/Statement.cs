namespace CapabilityRegistry.Tests.Data.Schemas;

/// <summary>A statement with numbered parameters.</summary>
/// <param name="Text">The statement.</param>
/// <param name="Types">The types of its parameters, as PREPARE takes them.</param>
internal sealed record Statement(string Text, string Types)
{
    private static readonly string[] Verbs = ["SELECT", "INSERT", "UPDATE", "DELETE", "MERGE", "VALUES", "WITH"];

    /// <summary>Whether it is one of those that PostgreSQL plans.</summary>
    public bool IsPlanned => Verbs.Any(verb => Text.StartsWith(verb, StringComparison.OrdinalIgnoreCase)) && !Text.Contains("pg_prepared_statements", StringComparison.Ordinal);
}
