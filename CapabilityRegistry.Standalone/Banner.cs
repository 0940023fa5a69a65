using CapabilityRegistry.Data.Identity;

namespace CapabilityRegistry.Standalone;

/// <summary>Tells a newcomer where the registry is, how to get in and what to try first.</summary>
internal static class Banner
{
    public static void Print(StandaloneOptions options, BootstrapOptions first, string? secret, TokenFile token)
    {
        var url = $"http://127.0.0.1:{options.Port}";
        var (code, word) = options.Seed == Seeder.Builtin ? ("checkout", "payment") : ("hello", "hello");
        var bearer = $"-H \"Authorization: Bearer $(cat '{token.Path}')\"";
        Console.WriteLine(
            $$"""

            Capability Registry is ready.

              API      {{url}}/api          (tenant "{{first.TenantId}}")
              Docs     {{url}}/docs
              Health   {{url}}/api/health
              Data     {{(options.ConnectionString is null ? options.DataDirectory : "the server of ConnectionStrings__registry")}}
              Token    {{token.Token ?? "none: the first administrator has no live secret; --new-secret makes one"}}
                       (good for half an hour; {{token.Path}} always holds a fresh one)
            {{Secret(first, secret)}}
            Try these in another terminal:

              curl -s {{bearer}} -H 'Content-Type: application/json' {{url}}/api/capabilities -d '{"capability_code":"hello","version":"1.0.0","description":"Says hello","dependencies":[]}'
              curl -s {{bearer}} '{{url}}/api/capabilities?search={{word}}'
              curl -s {{bearer}} -H 'Content-Type: application/json' {{url}}/api/dependencies/resolve -d '{"requirements":[{"capability_code":"{{code}}"}]}'

            Ctrl+C stops it.
            """);
    }

    private static string Secret(BootstrapOptions first, string? secret) => secret is null ? "" :
        $"""
          Secret   {secret}
                   of client "{first.ClientId}" in tenant "{first.TenantId}": shown this once and kept nowhere. For programs: POST /api/auth/token, or: registry login --client-id {first.ClientId}

        """;
}
