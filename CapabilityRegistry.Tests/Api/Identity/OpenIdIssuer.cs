using System.Security.Cryptography;
using System.Text.Json;
using CapabilityRegistry.Tests.Api.Identity.Attacks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CapabilityRegistry.Tests.Api.Identity;

/// <summary>A small OpenID Connect issuer on a free port of loopback: its discovery document and its keys (RSA and EC).</summary>
internal sealed class OpenIdIssuer : IAsyncDisposable
{
    private const string RsaKid = "rsa-1";
    private const string EcKid = "ec-1";

    private readonly WebApplication _app;

    private OpenIdIssuer(WebApplication app) => _app = app;

    public RSA Rsa { get; } = RSA.Create(2048);

    public ECDsa Ec { get; } = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public string Address => _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();

    public static async Task<OpenIdIssuer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var issuer = new OpenIdIssuer(builder.Build());
        issuer._app.MapGet("/.well-known/openid-configuration", () => Results.Text(issuer.Discovery(), "application/json"));
        issuer._app.MapGet("/keys", () => Results.Text(issuer.Keys(), "application/json"));
        await issuer._app.StartAsync(TestContext.Current.CancellationToken);
        return issuer;
    }

    /// <summary>A token of this issuer for an hour, with members replaced, added or (without a value) left out.</summary>
    public string Token(params (string Name, string? Raw)[] changes) => Jws.Join(Jws.Encode(Header("RS256", RsaKid)), Jws.Encode(Payload(changes)), Jws.Rsa256(Rsa));

    public string EcToken(params (string Name, string? Raw)[] changes) => Jws.Join(Jws.Encode(Header("ES256", EcKid)), Jws.Encode(Payload(changes)), Jws.Ec256(Ec));

    /// <summary>A token that says one algorithm and is signed in some way.</summary>
    public string Forged(string algorithm, string kid, Func<byte[], byte[]> sign) => Jws.Join(Jws.Encode(Header(algorithm, kid)), Jws.Encode(Payload()), sign);

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        Rsa.Dispose();
        Ec.Dispose();
    }

    private static string Header(string algorithm, string kid) => $$"""{"alg":"{{algorithm}}","kid":"{{kid}}","typ":"JWT"}""";

    private string Payload(params (string Name, string? Raw)[] changes)
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        (string Name, string Raw)[] claims =
        [
            ("iss", JsonSerializer.Serialize(Address)), ("aud", "\"capability-registry\""), ("sub", "\"user-7\""), ("azp", "\"portal\""), ("iat", $"{now}"), ("nbf", $"{now}"), ("exp", $"{now + 3600}"),
            ("tenant_id", "\"tests\""), ("roles", "[\"capability_developer\"]"),
        ];
        return Jws.Object([.. claims.Where(c => !Array.Exists(changes, x => x.Name == c.Name)), .. changes.Where(c => c.Raw is not null).Select(c => (c.Name, c.Raw!))]);
    }

    private string Discovery() => $$"""{"issuer":"{{Address}}","jwks_uri":"{{Address}}/keys","id_token_signing_alg_values_supported":["RS256","ES256"]}""";

    private string Keys()
    {
        var (rsa, ec) = (Rsa.ExportParameters(includePrivateParameters: false), Ec.ExportParameters(includePrivateParameters: false));
        return $$"""
            {"keys":[{"kty":"RSA","use":"sig","kid":"{{RsaKid}}","n":"{{Jws.Encode(rsa.Modulus)}}","e":"{{Jws.Encode(rsa.Exponent)}}"},
            {"kty":"EC","use":"sig","crv":"P-256","kid":"{{EcKid}}","x":"{{Jws.Encode(ec.Q.X)}}","y":"{{Jws.Encode(ec.Q.Y)}}"}]}
            """;
    }
}
