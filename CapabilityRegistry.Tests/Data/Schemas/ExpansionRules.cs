using System.Reflection;
using System.Text.RegularExpressions;
using CapabilityRegistry.Data;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Migrations.Operations;

namespace CapabilityRegistry.Tests.Data.Schemas;

/// <summary>Something that a migration does to a release that still runs.</summary>
/// <param name="Target">What it is done to, as <see cref="ContractsAttribute"/> names it.</param>
/// <param name="What">What is done.</param>
internal sealed record Offence(string Target, string What);

/// <summary>What a migration may do while processes of the release before still work with the schema: add, and loosen (docs/adr/0018).</summary>
internal static partial class ExpansionRules
{
    /// <summary>What it does beyond that, and does not say by <see cref="ContractsAttribute"/>.</summary>
    public static IReadOnlyList<Offence> Offences(Migration migration)
    {
        var said = migration.GetType().GetCustomAttribute<ContractsAttribute>()?.Targets ?? [];
        var added = new Additions(migration.UpOperations);
        return [.. migration.UpOperations.SelectMany(operation => Look(operation, added)).Where(offence => !said.Contains(offence.Target, StringComparer.Ordinal))];
    }

    private static IEnumerable<Offence> Look(MigrationOperation operation, Additions added) => operation switch
    {
        DropTableOperation drop => [new(drop.Name, "drops a table")],
        RenameTableOperation rename => [new(rename.Name, "renames a table")],
        DropColumnOperation drop => [new($"{drop.Table}.{drop.Name}", "drops a column")],
        RenameColumnOperation rename => [new($"{rename.Table}.{rename.Name}", "renames a column")],
        AlterColumnOperation alter => Narrowings(alter),
        AddColumnOperation add when IsDemanded(add) => [new($"{add.Table}.{add.Name}", "adds a column that an insert of the release before leaves without a value")],
        AddCheckConstraintOperation check when !added.HasTable(check.Table) => [new(check.Name, "adds a check")],
        AddUniqueConstraintOperation unique when !added.Covers(unique.Table, unique.Columns) => [new(unique.Name, "adds a unique constraint")],
        AddForeignKeyOperation key when !added.Covers(key.Table, key.Columns) => [new(key.Name, "adds a foreign key")],
        AddPrimaryKeyOperation key when !added.HasTable(key.Table) => [new(key.Name, "adds a primary key")],
        CreateIndexOperation { IsUnique: true } index when !added.Covers(index.Table, index.Columns) => [new(index.Name, "adds a unique index")],
        SqlOperation sql when Destructive().Match(sql.Sql) is { Success: true } match => [new("sql", $"has a statement of its own with {match.Value}")],
        _ => [],
    };

    private static IEnumerable<Offence> Narrowings(AlterColumnOperation alter)
    {
        var target = $"{alter.Table}.{alter.Name}";
        if (alter is { IsNullable: false, OldColumn.IsNullable: true })
        {
            yield return new(target, "makes a column NOT NULL");
        }

        if (alter.ColumnType != alter.OldColumn.ColumnType)
        {
            yield return new(target, $"changes a type from {alter.OldColumn.ColumnType} to {alter.ColumnType}");
        }
        else if (alter.MaxLength < (alter.OldColumn.MaxLength ?? int.MaxValue))
        {
            yield return new(target, "shortens a column");
        }
    }

    private static bool IsDemanded(AddColumnOperation add) =>
        add is { IsNullable: false, DefaultValue: null, DefaultValueSql: null, ComputedColumnSql: null } && !add.GetAnnotations().Any(a => a.Name == "Npgsql:ValueGenerationStrategy");

    [GeneratedRegex(@"\bDROP\s+(TABLE|COLUMN|VIEW|FUNCTION)\b|\bRENAME\s|\bSET\s+NOT\s+NULL\b|\bALTER\s+COLUMN\s+\S+\s+(SET\s+DATA\s+)?TYPE\b|\bDROP\s+DEFAULT\b", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Destructive();

    /// <summary>What is new with a migration: the release before has no row in it and no value for it.</summary>
    private sealed class Additions(IReadOnlyList<MigrationOperation> operations)
    {
        private readonly HashSet<string> _tables = [.. operations.OfType<CreateTableOperation>().Select(t => t.Name)];

        /// <summary>A constant for all rows would not be unique, and would not be there in another table.</summary>
        private readonly HashSet<string> _columns = [.. operations.OfType<AddColumnOperation>().Where(c => c.DefaultValue is null).Select(c => $"{c.Table}.{c.Name}")];

        public bool HasTable(string table) => _tables.Contains(table);

        public bool Covers(string table, IEnumerable<string> columns) => HasTable(table) || columns.Any(column => _columns.Contains($"{table}.{column}"));
    }
}
