using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace CapabilityRegistry.Data.Migrations
{
    /// <inheritdoc />
    public partial class SequenceAndConsumers : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "feed_floor",
                table: "tenants",
                type: "bigint",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<Guid>(
                name: "change_id",
                table: "events",
                type: "uuid",
                nullable: false,
                defaultValueSql: "gen_random_uuid()");

            migrationBuilder.AddColumn<Guid>(
                name: "webhook_id",
                table: "events",
                type: "uuid",
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "change_id",
                table: "audit_entries",
                type: "uuid",
                nullable: false,
                defaultValueSql: "gen_random_uuid()");

            migrationBuilder.CreateTable(
                name: "event_consumers",
                columns: table => new
                {
                    consumer = table.Column<string>(type: "character varying(63)", maxLength: 63, nullable: false),
                    position = table.Column<long>(type: "bigint", nullable: false),
                    lease_owner = table.Column<string>(type: "text", nullable: true),
                    lease_until = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    attempts = table.Column<int>(type: "integer", nullable: false),
                    retry_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    last_error = table.Column<string>(type: "text", nullable: true),
                    updated_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_event_consumers", x => x.consumer);
                });

            migrationBuilder.CreateTable(
                name: "parked_events",
                columns: table => new
                {
                    parked_event_id = table.Column<Guid>(type: "uuid", nullable: false),
                    tenant_id = table.Column<string>(type: "character varying(63)", maxLength: 63, nullable: false),
                    consumer = table.Column<string>(type: "character varying(63)", maxLength: 63, nullable: false),
                    position = table.Column<long>(type: "bigint", nullable: false),
                    event_type = table.Column<string>(type: "text", nullable: false),
                    @event = table.Column<string>(name: "event", type: "json", nullable: false),
                    attempts = table.Column<int>(type: "integer", nullable: false),
                    error = table.Column<string>(type: "text", nullable: false),
                    parked_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    replay_requested_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_parked_events", x => x.parked_event_id);
                });

            migrationBuilder.CreateTable(
                name: "sequence_head",
                columns: table => new
                {
                    sequence_head_id = table.Column<short>(type: "smallint", nullable: false),
                    position = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_sequence_head", x => x.sequence_head_id);
                });

            migrationBuilder.Sql("INSERT INTO sequence_head (sequence_head_id, position) SELECT 1, coalesce(max(position), 0) FROM events");

            migrationBuilder.CreateIndex(
                name: "ix_audit_entries_change_id",
                table: "audit_entries",
                column: "change_id",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_parked_events_consumer_position",
                table: "parked_events",
                columns: new[] { "consumer", "position" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_parked_events_replay_requested_at",
                table: "parked_events",
                column: "replay_requested_at",
                filter: "replay_requested_at IS NOT NULL");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "event_consumers");

            migrationBuilder.DropTable(
                name: "parked_events");

            migrationBuilder.DropTable(
                name: "sequence_head");

            migrationBuilder.DropIndex(
                name: "ix_audit_entries_change_id",
                table: "audit_entries");

            migrationBuilder.DropColumn(
                name: "feed_floor",
                table: "tenants");

            migrationBuilder.DropColumn(
                name: "change_id",
                table: "events");

            migrationBuilder.DropColumn(
                name: "webhook_id",
                table: "events");

            migrationBuilder.DropColumn(
                name: "change_id",
                table: "audit_entries");
        }
    }
}
