using System.Diagnostics;
using CapabilityRegistry.Api.Identity;
using CapabilityRegistry.Data.Model;
using CapabilityRegistry.Data.Tenancy;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace CapabilityRegistry.Api.Http;

/// <summary>What was written, as the audit names it.</summary>
/// <param name="Type">The kind of resource.</param>
/// <param name="Id">The resource as people name it.</param>
internal sealed record Written(string Type, string Id)
{
    public Guid? CapabilityId { get; init; }

    public Guid? VersionId { get; init; }

    public Guid? CompositionId { get; init; }

    public Guid? ApiClientId { get; init; }

    public Guid? WebhookId { get; init; }

    /// <summary>The representation before; null when there was none.</summary>
    public object? Before { get; init; }

    /// <summary>The representation afterwards; null when there is none.</summary>
    public object? After { get; init; }
}

/// <summary>How handlers write: changes, their event and their audit entry are kept together or not at all.</summary>
internal sealed partial class RegistryScope
{
    private readonly List<Action> _afterCommit = [];

    /// <summary>Whether <see cref="IsCurrent"/> was asked: a precondition that nobody looks at must not seem to hold.</summary>
    public bool HasLookedAtPrecondition { get; private set; }

    /// <summary>Whether what <see cref="SaveAsync"/> last refused was refused for a name that somebody else has.</summary>
    public bool IsNameTaken { get; private set; }

    /// <summary>Adds the event and the audit entry of a change to what will be saved.</summary>
    public void Record(string type, Written written)
    {
        var (actor, changeId) = (Actor, NewId());
        Database.Events.Add(new()
        {
            TenantId = Database.TenantId,
            EventType = type,
            CapabilityId = written.CapabilityId,
            VersionId = written.VersionId,
            CompositionId = written.CompositionId,
            ApiClientId = written.ApiClientId,
            WebhookId = written.WebhookId,
            ChangeId = changeId,
            OccurredAt = Now,
            Actor = actor.Name,
            TraceParent = Activity.Current?.Id,
        });
        Database.AuditEntries.Add(new()
        {
            TenantId = Database.TenantId,
            ChangeId = changeId,
            OccurredAt = Now,
            Actor = actor.Name,
            ActorAddress = actor.Address,
            Action = type,
            ResourceType = written.Type,
            ResourceId = written.Id,
            BeforeHash = written.Before is null ? null : Representation.HashOf(written.Before),
            AfterHash = written.After is null ? null : Representation.HashOf(written.After),
            RequestId = actor.RequestId,
        });
    }

    /// <summary>Writes everything inside the request's transaction. False when somebody else changed or made one of the rows meanwhile.</summary>
    public async Task<bool> SaveAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Database.SaveChangesAsync(cancellationToken);
            return true;
        }
        catch (DbUpdateException exception) when (exception is DbUpdateConcurrencyException or { InnerException: PostgresException { SqlState: PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.ForeignKeyViolation } })
        {
            IsNameTaken = exception.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation };
            return false;
        }
    }

    /// <summary>Whether the representation that the caller last saw, if it says so with If-Match, is the present one.</summary>
    public bool IsCurrent(object representation)
    {
        if (_part is { } part)
        {
            return part.IfMatch is null || Preconditions.IfMatch(part.IfMatch, EntityTag.Of(representation));
        }

        HasLookedAtPrecondition = true;
        return !Http.Request.Headers.ContainsKey("If-Match") || Preconditions.IfMatch(Http.Request, EntityTag.Of(representation));
    }

    /// <summary>The refusal of a change that came too late: who said what it was thought for is told that this is no longer so, as if the other change had been there before.</summary>
    public Problem Changed() => (_part is { } part ? part.IfMatch is not null : Http.Request.Headers.ContainsKey("If-Match")) ? Problems.PreconditionFailed() : Problems.Changed();

    /// <summary>Something to do once the change is kept.</summary>
    public void AfterCommit(Action action) => _afterCommit.Add(action);

    public void Committed() => _afterCommit.ForEach(action => action());

    /// <summary>Forgets what an attempt that is made again has left.</summary>
    public void Restart()
    {
        _afterCommit.Clear();
        _now = null;
        _part = null;
        HasLookedAtPrecondition = IsNameTaken = false;
        Database.ChangeTracker.Clear();
        Database.TenantId = TenantId;
    }

    /// <summary>Acts on another tenant for the rest of the transaction. For the administration of tenants alone.</summary>
    public async Task EnterTenantAsync(string tenantId, CancellationToken cancellationToken)
    {
        RequireRegistryAdministrator();
        await BindAsync(tenantId, cancellationToken);
    }

    /// <summary>Goes back to the caller's own tenant.</summary>
    public Task LeaveTenantAsync(CancellationToken cancellationToken) => Database.TenantId == TenantId ? Task.CompletedTask : BindAsync(TenantId, cancellationToken);

    /// <summary>The rows of all tenants, for the administration of the registry alone.</summary>
    public IQueryable<T> OfAllTenants<T>()
        where T : class, ITenantOwned
    {
        RequireRegistryAdministrator();
        var database = services.GetRequiredService<SystemDatabase>().CreateContext();
        Http.Response.RegisterForDisposeAsync(database);
        return database.Set<T>().IgnoreQueryFilters().AsNoTracking();
    }

    private async Task BindAsync(string tenantId, CancellationToken cancellationToken)
    {
        Database.TenantId = tenantId;
        if (Database.Database.CurrentTransaction is not null)
        {
            await using var bind = new NpgsqlCommand($"SELECT set_config('{DatabaseRoles.TenantSetting}', $1, true)", Connection) { Parameters = { new() { Value = tenantId } } };
            await bind.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    private void RequireRegistryAdministrator()
    {
        if (!Access.ReadTenants.IsGrantedTo(Caller))
        {
            throw new InvalidOperationException("Only an administrator of the registry acts on other tenants.");
        }
    }
}
