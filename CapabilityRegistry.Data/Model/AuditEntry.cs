namespace CapabilityRegistry.Data.Model;

/// <summary>Who did what, from where, when. Written in the transaction of what it records; the application's role may add entries and read them, nothing else.</summary>
public sealed class AuditEntry : ITenantOwned
{
    public required string TenantId { get; init; }

    /// <summary>Order of insertion.</summary>
    public long AuditId { get; init; }

    /// <summary>The change that it tells of; the event of the same change has the same one, and its position is the entry's place in the chain.</summary>
    public required Guid ChangeId { get; init; }

    public required DateTimeOffset OccurredAt { get; init; }

    /// <summary>The client id that acted.</summary>
    public required string Actor { get; init; }

    /// <summary>The address that the request came from; null for what the system itself did.</summary>
    public string? ActorAddress { get; init; }

    /// <summary>What was done, as <c>resource.verb</c>: the event's type where there is one.</summary>
    public required string Action { get; init; }

    public required string ResourceType { get; init; }

    /// <summary>The resource as people name it: a code, <c>code@version</c>, an id.</summary>
    public required string ResourceId { get; init; }

    /// <summary>SHA-256 of the resource's representation before; null when there was none.</summary>
    public byte[]? BeforeHash { get; init; }

    /// <summary>SHA-256 of the resource's representation afterwards; null when there is none.</summary>
    public byte[]? AfterHash { get; init; }

    /// <summary>The request's <c>X-Request-ID</c>.</summary>
    public string? RequestId { get; init; }
}

/// <summary>The answer to a write that carried an Idempotency-Key, for repeats.</summary>
public sealed class IdempotentAnswer : ITenantOwned
{
    public required string TenantId { get; init; }

    public required string ClientId { get; init; }

    public required string IdempotencyKey { get; init; }

    /// <summary>SHA-256 of method, address and body: the same key with another request is a mistake of the caller.</summary>
    public required byte[] RequestHash { get; init; }

    public required short Status { get; init; }

    public string? Location { get; init; }

    public required byte[] Body { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }
}
