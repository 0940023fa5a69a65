using System.Reflection;
using System.Text;
using System.Text.Json.Serialization;
using CapabilityRegistry.Api.Http;
using CapabilityRegistry.Core.Manifests;
using Microsoft.AspNetCore.Http.Metadata;

namespace CapabilityRegistry.Api.Identity;

/// <summary>Asks for an access token: a JSON object, or the form of OAuth 2.0 (RFC 6749, section 4.4) with the client in the form or in Basic authentication.</summary>
/// <param name="TenantId">The tenant. OAuth clients that cannot send it write <c>tenant/client</c> as their client id.</param>
/// <param name="ClientId">The client's name in its tenant.</param>
/// <param name="ClientSecret">One of its secrets.</param>
/// <param name="Scope">The scopes that are wanted, separated by blanks; by default all that the client has.</param>
internal sealed record TokenRequest([property: JsonRequired] string TenantId, [property: JsonRequired] string ClientId, [property: JsonRequired] string ClientSecret, string? Scope = null)
{
    /// <summary>Longer ones are nobody's, and hashing them would cost us.</summary>
    public const int LongestText = 512;
}

/// <summary>A request for a token in either form.</summary>
internal sealed class TokenRequestBody(TokenRequest value, bool isOAuth) : IEndpointParameterMetadataProvider
{
    private static readonly string[] Fields = ["grant_type", "tenant_id", "client_id", "client_secret", "scope"];

    public TokenRequest Value { get; } = value;

    /// <summary>Whether it came as a form, so that errors carry OAuth 2.0's codes.</summary>
    public bool IsOAuth { get; } = isOAuth;

    public static async ValueTask<TokenRequestBody> BindAsync(HttpContext context) =>
        context.Request.HasFormContentType ? new(await ReadFormAsync(context), isOAuth: true) : new((await JsonBody<TokenRequest>.BindAsync(context)).Value, isOAuth: false);

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new AcceptsMetadata(["application/json", "application/x-www-form-urlencoded"], typeof(TokenRequest)));

    private static async Task<TokenRequest> ReadFormAsync(HttpContext context)
    {
        var form = await ReadFieldsAsync(context);
        var findings = form.Keys.Where(k => !Fields.Contains(k)).Select(k => new Finding($"/{k}", "unknown_member", $"There is no field '{k}' here.{NearestName.Hint(k, Fields)}")).ToList();
        findings.AddRange(form.Where(f => f.Value.Count > 1).Select(f => new Finding($"/{f.Key}", "duplicate_member", "The field comes twice.")));
        if (findings.Count > 0)
        {
            throw Refused("invalid_request", findings);
        }

        if (form["grant_type"] != "client_credentials")
        {
            throw Refused("unsupported_grant_type", [new("/grant_type", "invalid_value", "Must be client_credentials.")]);
        }

        var (client, secret) = (form["client_id"].ToString(), form["client_secret"].ToString());
        if (Basic(context.Request) is var (basicClient, basicSecret))
        {
            if (secret.Length > 0 || (client.Length > 0 && client != basicClient))
            {
                throw Refused("invalid_request", [new("", "contradiction", "The client is either in the form or in the Authorization header, not in both.")]);
            }

            (client, secret) = (basicClient, basicSecret);
        }

        var tenant = form["tenant_id"].ToString();
        if (tenant.Length == 0 && client.Split('/', 2) is [var first, var second])
        {
            (tenant, client) = (first, second);
        }

        // RFC 6749, section 3.2: a field without a value is as if it were not there.
        foreach (var (name, value) in new[] { ("tenant_id", tenant), ("client_id", client), ("client_secret", secret) })
        {
            if (value.Length == 0)
            {
                findings.Add(new($"/{name}", "missing_member", "The field is required."));
            }
        }

        return findings.Count == 0 ? new(tenant, client, secret, form["scope"].ToString() is { Length: > 0 } scope ? scope : null) : throw Refused("invalid_request", findings);
    }

    private static async Task<IFormCollection> ReadFieldsAsync(HttpContext context)
    {
        try
        {
            return await context.Request.ReadFormAsync(context.RequestAborted);
        }
        catch (InvalidDataException)
        {
            throw Refused("invalid_request", [new("", "invalid_form", "The body is no form: it holds too much, or U+0000.")]);
        }
    }

    /// <summary>RFC 6749, section 2.3.1: both halves are form-encoded before they are joined.</summary>
    private static (string Client, string Secret)? Basic(HttpRequest request)
    {
        var header = request.Headers.Authorization.ToString();
        if (!header.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        try
        {
            return Encoding.UTF8.GetString(Convert.FromBase64String(header["Basic ".Length..])).Split(':', 2) is [var client, var secret]
                ? (System.Net.WebUtility.UrlDecode(client), System.Net.WebUtility.UrlDecode(secret))
                : null;
        }
        catch (FormatException)
        {
            throw Refused("invalid_request", [new("", "invalid_credentials", "The Authorization header is no Basic authentication.")]);
        }
    }

    private static ProblemException Refused(string error, IReadOnlyList<Finding> findings) => new(Problems.Invalid(findings) with { OAuthError = error });
}
