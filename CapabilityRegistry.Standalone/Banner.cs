namespace CapabilityRegistry.Standalone;

/// <summary>Tells a newcomer where the registry is and what to try first.</summary>
internal static class Banner
{
    public static void Print(StandaloneOptions options)
    {
        var url = $"http://127.0.0.1:{options.Port}";
        var (code, word) = options.Seed == Seeder.Builtin ? ("checkout", "payment") : ("hello", "hello");
        Console.WriteLine(
            $$"""

            Capability Registry is ready.

              API      {{url}}/api          (tenant "default": header X-Tenant-ID)
              Docs     {{url}}/docs
              Health   {{url}}/api/health
              Data     {{(options.ConnectionString is null ? options.DataDirectory : "the server of ConnectionStrings__registry")}}

            Try these in another terminal:

              curl -s -H 'X-Tenant-ID: default' -H 'Content-Type: application/json' {{url}}/api/capabilities -d '{"capability_code":"hello","version":"1.0.0","description":"Says hello","dependencies":[]}'
              curl -s -H 'X-Tenant-ID: default' '{{url}}/api/capabilities?search={{word}}'
              curl -s -H 'X-Tenant-ID: default' -H 'Content-Type: application/json' {{url}}/api/dependencies/resolve -d '{"requirements":[{"capability_code":"{{code}}"}]}'

            Ctrl+C stops it.
            """);
    }
}
