using System.Linq.Expressions;
using System.Text.RegularExpressions;
using CapabilityRegistry.Api.Http;
using CapabilityRegistry.Api.Identity;
using CapabilityRegistry.Core.Manifests;
using CapabilityRegistry.Data.Identity;
using CapabilityRegistry.Data.Model;
using Microsoft.EntityFrameworkCore;

namespace CapabilityRegistry.Api.Clients;

/// <summary>An API client. Of its secrets only what identifies them.</summary>
internal sealed record ClientView(
    string ClientId,
    string Name,
    IReadOnlyList<string> Roles,
    IReadOnlyList<string> Scopes,
    DateTimeOffset CreatedAt,
    string CreatedBy,
    DateTimeOffset UpdatedAt,
    DateTimeOffset? LastUsedAt,
    DateTimeOffset? RevokedAt,
    IReadOnlyList<SecretView> Secrets)
{
    public static ClientView Of(ApiClient c, IEnumerable<ApiClientSecret> secrets) => new(
        c.ClientId, c.Name, c.Roles, c.Scopes, c.CreatedAt, c.CreatedBy, c.UpdatedAt, c.LastUsedAt, c.RevokedAt, [.. secrets.OrderBy(s => s.SecretId).Select(SecretView.Of)]);
}

/// <summary>What is known of a secret.</summary>
internal sealed record SecretView(Guid SecretId, DateTimeOffset CreatedAt, string CreatedBy, DateTimeOffset? ExpiresAt, DateTimeOffset? LastUsedAt, DateTimeOffset? RevokedAt)
{
    public static SecretView Of(ApiClientSecret s) => new(s.SecretId, s.CreatedAt, s.CreatedBy, s.ExpiresAt, s.LastUsedAt, s.RevokedAt);
}

/// <summary>A client in a list.</summary>
internal sealed record ClientItem(string ClientId, string Name, IReadOnlyList<string> Roles, IReadOnlyList<string> Scopes, DateTimeOffset CreatedAt, DateTimeOffset? LastUsedAt, DateTimeOffset? RevokedAt)
{
    public static readonly Expression<Func<ApiClient, ClientItem>> From = c => new ClientItem(c.ClientId, c.Name, c.Roles, c.Scopes, c.CreatedAt, c.LastUsedAt, c.RevokedAt);
}

/// <summary>A secret in the only answer that ever shows it.</summary>
internal sealed record NewSecretView(Guid SecretId, string ClientId, string ClientSecret, DateTimeOffset? ExpiresAt);

/// <summary>The rules of clients, and how they are found.</summary>
internal static partial class ClientRules
{
    public const int MostLiveSecrets = 5;
    public const int LongestName = 200;

    public static void CheckId(string clientId, string pointer, List<Finding> findings)
    {
        if (!ClientId().IsMatch(clientId))
        {
            findings.Add(new(pointer, "invalid_value", "Must be 1 to 63 of a-z, 0-9, '.', '-' and '_', and begin with a letter or digit."));
        }
    }

    /// <summary>Nobody hands out more than he has: only an administrator of the registry makes another.</summary>
    public static void CheckRights(string name, IReadOnlyList<string> roles, IReadOnlyList<string> scopes, Caller caller, List<Finding> findings)
    {
        if (string.IsNullOrWhiteSpace(name) || name.Length > LongestName || name.Contains('\0', StringComparison.Ordinal))
        {
            findings.Add(new("/name", "invalid_value", $"Must have 1 to {LongestName} characters, none of them U+0000."));
        }

        CheckWords(roles, Roles.All, "/roles", findings);
        CheckWords(scopes, Scopes.All, "/scopes", findings);
        if (roles.Count == 0)
        {
            findings.Add(new("/roles", "invalid_value", "A client needs a role."));
        }

        if (roles.Contains(Roles.RegistryAdmin) && !caller.Roles.Contains(Roles.RegistryAdmin))
        {
            findings.Add(new("/roles", "not_allowed", $"Only a {Roles.RegistryAdmin} may give the role {Roles.RegistryAdmin}."));
        }

        findings.AddRange(scopes.Where(s => Scopes.All.Contains(s) && !Scopes.Of(roles).Contains(s)).Select(s => new Finding("/scopes", "not_allowed", $"The scope {s} is of no use to these roles.")));
    }

    /// <summary>A client of the tenant with its secrets; null when there is none that the caller may touch.</summary>
    public static async Task<(ApiClient Client, List<ApiClientSecret> Secrets)?> FindClientAsync(this RegistryScope scope, string clientId, CancellationToken cancellationToken)
    {
        var client = clientId.Contains('\0', StringComparison.Ordinal) ? null : await scope.Database.ApiClients.FirstOrDefaultAsync(c => c.ClientId == clientId, cancellationToken);
        return client is null ? null : (client, await scope.Database.ApiClientSecrets.Where(s => s.ApiClientId == client.ApiClientId).ToListAsync(cancellationToken));
    }

    /// <summary>Why the caller may not change a client; null when it may.</summary>
    public static Problem? Protects(this ApiClient client, Caller caller) => client.Roles.Contains(Roles.RegistryAdmin) && !caller.Roles.Contains(Roles.RegistryAdmin)
        ? Problems.Forbidden($"Only a {Roles.RegistryAdmin} changes a client that is one.")
        : null;

    /// <summary>Adds event and audit entry of a change of a client, and has everybody's standing looked up anew once it is kept.</summary>
    public static void RecordClient(this RegistryScope scope, string type, ApiClient client, ClientView? before, ClientView after)
    {
        scope.Record(type, new("client", client.ClientId) { ApiClientId = client.ApiClientId, Before = before, After = after });
        scope.AfterCommit(scope.Http.RequestServices.GetRequiredService<BelievedTokens>().Doubt);
    }

    private static void CheckWords(IReadOnlyList<string> words, IReadOnlyList<string> known, string pointer, List<Finding> findings)
    {
        for (var i = 0; i < words.Count; i++)
        {
            if (!known.Contains(words[i]))
            {
                findings.Add(new($"{pointer}/{i}", "invalid_value", $"'{words[i]}' is none of {string.Join(", ", known)}.{NearestName.Hint(words[i], known)}"));
            }
        }

        if (words.Distinct(StringComparer.Ordinal).Count() != words.Count)
        {
            findings.Add(new(pointer, "duplicate_item", "Each word is given once."));
        }
    }

    [GeneratedRegex("^[a-z0-9][a-z0-9._-]{0,62}\\z", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ClientId();
}
