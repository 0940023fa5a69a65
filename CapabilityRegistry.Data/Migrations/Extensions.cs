using Microsoft.EntityFrameworkCore.Migrations;

namespace CapabilityRegistry.Data.Migrations;

/// <summary>Creates PostgreSQL extensions where the role may, and says who must do what where it may not.</summary>
internal static class Extensions
{
    public static void Require(this MigrationBuilder migrationBuilder, params string[] extensions)
    {
        foreach (var extension in extensions)
        {
            migrationBuilder.Sql(
                $"""
                DO $migration$
                BEGIN
                    IF NOT EXISTS (SELECT FROM pg_extension WHERE extname = '{extension}') THEN
                        CREATE EXTENSION IF NOT EXISTS "{extension}";
                    END IF;
                EXCEPTION
                    WHEN insufficient_privilege THEN
                        RAISE EXCEPTION 'The extension "{extension}" is missing in database % and the role % may not create it.', current_database(), current_user
                            USING ERRCODE = 'insufficient_privilege',
                                  HINT = 'Ask an administrator to run there: CREATE EXTENSION "{extension}";';
                    WHEN undefined_file OR feature_not_supported THEN
                        RAISE EXCEPTION 'The server does not carry the extension "{extension}".'
                            USING ERRCODE = 'undefined_file',
                                  HINT = 'Install the package of PostgreSQL''s contributed modules (on Debian and Ubuntu it is part of "postgresql").';
                END
                $migration$;
                """);
        }
    }
}
