using CapabilityRegistry.Standalone.Postgres;

await using var server = await EmbeddedPostgres.StartAsync(new EmbeddedPostgresOptions { DataDirectory = DataFolder.DefaultPath });
Console.WriteLine($"PostgreSQL listens on 127.0.0.1:{server.Port}");
