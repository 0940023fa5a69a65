namespace CapabilityRegistry.Data.Model;

/// <summary>An isolation boundary, by its row.</summary>
public sealed class Tenant : ITenantOwned
{
    public required string TenantId { get; init; }

    public required string Name { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required string CreatedBy { get; init; }

    public required DateTimeOffset UpdatedAt { get; set; }

    /// <summary>Since when nobody of the tenant gets in; null while it is active.</summary>
    public DateTimeOffset? SuspendedAt { get; set; }

    /// <summary>The last position of which the tenant's event was removed because of its age. Who has read less far must begin anew.</summary>
    public long FeedFloor { get; set; }

    public long Revision { get; set; }
}

/// <summary>A program or person that calls the API on behalf of a tenant.</summary>
public sealed class ApiClient : ITenantOwned
{
    public required string TenantId { get; init; }

    /// <summary>UUID version 7; what tokens and events name.</summary>
    public required Guid ApiClientId { get; init; }

    /// <summary>What the client calls itself when it asks for a token; unique in the tenant.</summary>
    public required string ClientId { get; init; }

    public required string Name { get; set; }

    public required string[] Roles { get; set; }

    public required string[] Scopes { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required string CreatedBy { get; init; }

    public required DateTimeOffset UpdatedAt { get; set; }

    /// <summary>When it last got a token.</summary>
    public DateTimeOffset? LastUsedAt { get; set; }

    /// <summary>Since when it gets no token and its tokens are refused.</summary>
    public DateTimeOffset? RevokedAt { get; set; }

    public long Revision { get; set; }
}

/// <summary>A secret of a client, hashed. A client has several while one replaces another.</summary>
public sealed class ApiClientSecret : ITenantOwned
{
    public required string TenantId { get; init; }

    public required Guid SecretId { get; init; }

    public required Guid ApiClientId { get; init; }

    /// <summary>PBKDF2 of the whole secret, in the format of ASP.NET Core Identity.</summary>
    public required string SecretHash { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required string CreatedBy { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    public DateTimeOffset? LastUsedAt { get; set; }

    public DateTimeOffset? RevokedAt { get; set; }
}
