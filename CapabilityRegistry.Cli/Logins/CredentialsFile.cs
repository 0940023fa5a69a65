using System.Text.Json.Serialization;

namespace CapabilityRegistry.Cli.Logins;

/// <summary>What the store's file holds.</summary>
internal sealed record CredentialsFile(int Version, IReadOnlyList<Login> Logins)
{
    public const int CurrentVersion = 1;

    /// <summary>Whether people left it whole: the file invites editing.</summary>
    public bool IsWhole => Version == CurrentVersion && Logins?.All(IsWholeLogin) == true;

    private static bool IsWholeLogin(Login? login) =>
        login is { Url.Length: > 0, Tenant.Length: > 0 } && (login.AccessToken is null || TokenEndpoint.IsToken(login.AccessToken));
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, WriteIndented = true)]
[JsonSerializable(typeof(CredentialsFile))]
internal sealed partial class CredentialsJson : JsonSerializerContext;
