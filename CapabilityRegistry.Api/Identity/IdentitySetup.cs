using CapabilityRegistry.ServiceDefaults.Configuration;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;

namespace CapabilityRegistry.Api.Identity;

/// <summary>Registers who is believed and who may do what.</summary>
internal static class IdentitySetup
{
    private static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(30);

    public static void AddRegistryIdentity(this WebApplicationBuilder builder)
    {
        var isDevelopment = builder.Environment.IsDevelopment();
        builder.Services.AddRegistryOptions<AuthOptions>(AuthOptions.SectionName)
            .Validate(
                options => isDevelopment || options.IsExternal || options.SigningKey is { Length: > 0 },
                $"{AuthOptions.SectionName}:{nameof(AuthOptions.SigningKey)} (JWT_SECRET_KEY) must be set outside of Development: a random text of at least {AuthOptions.ShortestKeyBytes} bytes. Or set {AuthOptions.SectionName}:{nameof(AuthOptions.Authority)} to an OpenID Connect issuer.");
        builder.Services.AddSingleton<SigningKeys>();
        builder.Services.AddSingleton<TokenIssuer>();
        builder.Services.AddScoped<TokenDesk>();
        builder.Services.AddSingleton<BelievedTokens>();
        builder.Services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme).AddJwtBearer();
        builder.Services.AddOptions<JwtBearerOptions>(JwtBearerDefaults.AuthenticationScheme)
            .Configure<IOptions<AuthOptions>, SigningKeys, BelievedTokens>((bearer, auth, keys, handler) => Configure(bearer, auth.Value, keys, handler, isDevelopment));
        builder.Services.AddAuthorization(AddPolicies);
    }

    private static void Configure(JwtBearerOptions bearer, AuthOptions auth, SigningKeys keys, BelievedTokens handler, bool isDevelopment)
    {
        bearer.SaveToken = false;
        bearer.MapInboundClaims = false;
        bearer.Events = new BearerEvents();
        bearer.TokenHandlers.Clear();
        bearer.TokenHandlers.Add(handler);
        var valid = bearer.TokenValidationParameters;
        valid.ValidAudience = auth.Audience;
        valid.ClockSkew = ClockSkew;
        valid.RequireExpirationTime = valid.RequireSignedTokens = valid.ValidateIssuer = valid.ValidateAudience = valid.ValidateLifetime = valid.ValidateIssuerSigningKey = true;
        if (auth.IsExternal)
        {
            bearer.Authority = auth.Authority;
            bearer.RequireHttpsMetadata = !isDevelopment;

            // No symmetric algorithm: a public key must never be taken for a secret one.
            valid.ValidAlgorithms = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"];
            return;
        }

        valid.ValidIssuer = auth.Issuer;
        valid.ValidAlgorithms = [SecurityAlgorithms.HmacSha256];
        valid.ValidTypes = [TokenIssuer.TokenType];
        valid.TryAllIssuerSigningKeys = false;
        valid.IssuerSigningKeyResolver = (_, _, kid, _) => keys.Find(kid);
    }

    private static void AddPolicies(AuthorizationOptions options)
    {
        foreach (var access in Access.All)
        {
            options.AddPolicy(access.Name, policy => policy.RequireAuthenticatedUser().AddRequirements(new AccessRequirement(access)));
        }

        // Whatever says nothing about who may use it is closed. What routing answers itself (404, 405, 415) is no route of ours and open to everyone.
        options.FallbackPolicy = new AuthorizationPolicyBuilder().RequireAssertion(context => context.Resource is HttpContext http && http.GetEndpoint() is not RouteEndpoint).Build();
    }
}
