using CapabilityRegistry.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace CapabilityRegistry.Tests.Data.Schemas;

/// <summary>Every migration but the first only adds and loosens, or says what it takes away.</summary>
public sealed class ExpansionTests
{
    [Fact]
    public void No_migration_takes_away_what_it_does_not_name()
    {
        using var context = new RegistryDbContext(new DbContextOptionsBuilder<RegistryDbContext>().UseNpgsql("Host=127.0.0.1").Options);
        var assembly = context.GetService<IMigrationsAssembly>();
        var later = assembly.Migrations.OrderBy(m => m.Key, StringComparer.Ordinal).Skip(1).Select(m => (m.Key, Migration: assembly.CreateMigration(m.Value, context.Database.ProviderName!))).ToArray();
        Assert.True(later.Length >= 2);
        Assert.All(later, m => Assert.NotEmpty(m.Migration.UpOperations));
        Assert.Empty(later.SelectMany(m => ExpansionRules.Offences(m.Migration), (m, offence) => $"{m.Key} {offence.What}: {offence.Target}"));
    }

    [Fact]
    public void Each_way_of_breaking_the_release_before_is_seen()
    {
        string[] expected =
        [
            "drops a table: gone", "renames a table: old", "drops a column: t.a", "renames a column: t.b", "makes a column NOT NULL: t.c", "changes a type from text to integer: t.d", "shortens a column: t.e",
            "adds a column that an insert of the release before leaves without a value: t.f", "adds a check: ck", "adds a unique constraint: uq", "adds a foreign key: fk", "adds a unique index: ix", "adds a unique index: ix_constant",
            "has a statement of its own with DROP COLUMN: sql",
        ];
        Assert.Equal(expected, ExpansionRules.Offences(new Breaking { ActiveProvider = "Npgsql.EntityFrameworkCore.PostgreSQL" }).Select(o => $"{o.What}: {o.Target}"));
    }

    [Fact]
    public void What_adds_and_loosens_is_allowed_and_so_is_what_is_said() =>
        Assert.Empty(ExpansionRules.Offences(new Expanding { ActiveProvider = "Npgsql.EntityFrameworkCore.PostgreSQL" }));

    private sealed class Breaking : Migration
    {
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable("gone");
            migrationBuilder.RenameTable("old", newName: "new");
            migrationBuilder.DropColumn("a", "t");
            migrationBuilder.RenameColumn("b", "t", "b2");
            migrationBuilder.AlterColumn<string>("c", "t", "text", nullable: false, oldType: "text", oldNullable: true);
            migrationBuilder.AlterColumn<int>("d", "t", "integer", oldClrType: typeof(string), oldType: "text");
            migrationBuilder.AlterColumn<string>("e", "t", "text", maxLength: 10, oldType: "text", oldMaxLength: 20);
            migrationBuilder.AddColumn<int>("f", "t", "integer", nullable: false);
            migrationBuilder.AddCheckConstraint("ck", "t", "a > 0");
            migrationBuilder.AddUniqueConstraint("uq", "t", "a");
            migrationBuilder.AddForeignKey("fk", "t", "a", "u", principalColumn: "id");
            migrationBuilder.CreateIndex("ix", "t", "a", unique: true);
            migrationBuilder.AddColumn<int>("g", "t", "integer", nullable: false, defaultValue: 1);
            migrationBuilder.CreateIndex("ix_constant", "t", "g", unique: true);
            migrationBuilder.Sql("ALTER TABLE t DROP COLUMN h");
        }
    }

    [Contracts("t.unused", "sql")]
    private sealed class Expanding : Migration
    {
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable("fresh", table => new { Id = table.Column<int>("integer", nullable: false) }, constraints: table => table.PrimaryKey("pk", t => t.Id));
            migrationBuilder.CreateIndex("ix_fresh", "fresh", "id", unique: true);
            migrationBuilder.AddColumn<int>("a", "t", "integer", nullable: true);
            migrationBuilder.AddForeignKey("fk", "t", "a", "fresh", principalColumn: "id");
            migrationBuilder.AddColumn<Guid>("b", "t", "uuid", nullable: false, defaultValueSql: "gen_random_uuid()");
            migrationBuilder.CreateIndex("ix_b", "t", "b", unique: true);
            migrationBuilder.AlterColumn<string>("c", "t", "text", nullable: true, oldType: "text");
            migrationBuilder.DropIndex("ix_slow", "t");
            migrationBuilder.DropColumn("unused", "t");
            migrationBuilder.Sql("ALTER TABLE t DROP COLUMN unused_too");
        }
    }
}
