using System.Linq.Expressions;
using CapabilityRegistry.Core.Manifests;
using CapabilityRegistry.Data.Model;
using Microsoft.AspNetCore.DataProtection.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace CapabilityRegistry.Data;

/// <summary>The registry's tables, seen by one tenant at a time.</summary>
/// <remarks>Contexts are pooled: a tenant that was set for one lease does not hold for the next, and a query without a tenant throws instead of showing another's rows.</remarks>
public sealed class RegistryDbContext(DbContextOptions<RegistryDbContext> options) : DbContext(options), IDataProtectionKeyContext
{
    private string? _tenantId;
    private int _tenantLease = -1;

    public DbSet<Capability> Capabilities => Set<Capability>();

    public DbSet<CapabilityVersion> CapabilityVersions => Set<CapabilityVersion>();

    public DbSet<NameRow> Names => Set<NameRow>();

    public DbSet<DependencyRow> Dependencies => Set<DependencyRow>();

    public DbSet<ProvidedServiceRow> ProvidedServices => Set<ProvidedServiceRow>();

    public DbSet<SearchDocument> SearchDocuments => Set<SearchDocument>();

    public DbSet<SearchRebuild> SearchRebuilds => Set<SearchRebuild>();

    public DbSet<Composition> Compositions => Set<Composition>();

    public DbSet<CompositionLock> CompositionLocks => Set<CompositionLock>();

    public DbSet<RegistryEvent> Events => Set<RegistryEvent>();

    public DbSet<SequenceHead> SequenceHeads => Set<SequenceHead>();

    public DbSet<EventConsumer> EventConsumers => Set<EventConsumer>();

    public DbSet<ParkedEvent> ParkedEvents => Set<ParkedEvent>();

    public DbSet<Tenant> Tenants => Set<Tenant>();

    public DbSet<ApiClient> ApiClients => Set<ApiClient>();

    public DbSet<ApiClientSecret> ApiClientSecrets => Set<ApiClientSecret>();

    public DbSet<AuditEntry> AuditEntries => Set<AuditEntry>();

    public DbSet<AuditLink> AuditLinks => Set<AuditLink>();

    public DbSet<IdempotentAnswer> IdempotentAnswers => Set<IdempotentAnswer>();

    public DbSet<Webhook> Webhooks => Set<Webhook>();

    public DbSet<WebhookDelivery> WebhookDeliveries => Set<WebhookDelivery>();

    public DbSet<WebhookAttempt> WebhookAttempts => Set<WebhookAttempt>();

    public DbSet<MobileAction> MobileActions => Set<MobileAction>();

    public DbSet<UsageHour> UsageHours => Set<UsageHour>();

    public DbSet<UsageDay> UsageDays => Set<UsageDay>();

    public DbSet<UsageRollUp> UsageRollUps => Set<UsageRollUp>();

    public DbSet<NotificationSubscription> NotificationSubscriptions => Set<NotificationSubscription>();

    public DbSet<Notification> Notifications => Set<Notification>();

    /// <summary>The key ring of Data Protection: the same for every process and every tenant.</summary>
    public DbSet<DataProtectionKey> DataProtectionKeys => Set<DataProtectionKey>();

    /// <summary>The tenant whose rows queries see.</summary>
    /// <exception cref="InvalidOperationException">No tenant has been set since the context was taken from the pool.</exception>
    public string TenantId
    {
        get => HasTenant ? _tenantId! : throw new InvalidOperationException("No tenant is set on this context.");
        set => (_tenantId, _tenantLease) = (value, ContextId.Lease);
    }

    /// <summary>Whether a tenant has been set since the context was taken from the pool.</summary>
    public bool HasTenant => _tenantLease == ContextId.Lease && _tenantId is not null;

    /// <summary>Everything that a search finds, in no order (<see cref="Search.PostgresQuery"/> makes the arguments). Runs in the database as the tables' owner, bound to the tenant
    /// (security.sql).</summary>
    public IQueryable<FoundCapability> FindCapabilities(string? names, string? words, string? excluded, string? part) => FromExpression(() => FindCapabilities(names, words, excluded, part));

    /// <summary>The capabilities that carry a keyword. Runs in the database as the tables' owner, bound to the tenant (security.sql).</summary>
    public IQueryable<FoundCapability> FindKeyword(string keyword) => FromExpression(() => FindKeyword(keyword));

    /// <inheritdoc />
    public override Task<int> SaveChangesAsync(bool acceptAllChangesOnSuccess, CancellationToken cancellationToken = default)
    {
        RequireAuditEntry();
        return base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken);
    }

    /// <inheritdoc />
    public override int SaveChanges(bool acceptAllChangesOnSuccess)
    {
        RequireAuditEntry();
        return base.SaveChanges(acceptAllChangesOnSuccess);
    }

    /// <summary>No write leaves the house without a word about who did it.</summary>
    private void RequireAuditEntry()
    {
        var changed = ChangeTracker.Entries().Where(e => e.State is EntityState.Added or EntityState.Modified or EntityState.Deleted).ToArray();
        if (Array.Exists(changed, e => e.Entity is ITenantOwned and not (AuditEntry or RegistryEvent or IdempotentAnswer or MobileAction)) && !Array.Exists(changed, e => e.Entity is AuditEntry))
        {
            throw new InvalidOperationException($"A change of {changed[0].Metadata.ClrType.Name} is saved without an audit entry.");
        }
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.ApplyConfigurationsFromAssembly(typeof(RegistryDbContext).Assembly);
        modelBuilder.Entity<DataProtectionKey>().ToTable("data_protection_keys");
        modelBuilder.Entity<FoundCapability>().HasNoKey().ToTable((string?)null);
        modelBuilder.HasDbFunction(() => FindCapabilities("", "", "", "")).HasName("find_capabilities");
        modelBuilder.HasDbFunction(() => FindKeyword("")).HasName("find_keyword");
        foreach (var type in modelBuilder.Model.GetEntityTypes().Select(t => t.ClrType).Where(typeof(ITenantOwned).IsAssignableFrom))
        {
            modelBuilder.Entity(type).Property(nameof(ITenantOwned.TenantId)).HasMaxLength(63);
            modelBuilder.Entity(type).HasQueryFilter(TenantFilter(type));
        }
    }

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        configurationBuilder.Properties<LifecycleState>().HaveConversion<SnakeCase<LifecycleState>>();
        configurationBuilder.Properties<DependencyType>().HaveConversion<SnakeCase<DependencyType>>();
        configurationBuilder.Properties<DisabledReason>().HaveConversion<SnakeCase<DisabledReason>>();
        configurationBuilder.Properties<DeliveryState>().HaveConversion<SnakeCase<DeliveryState>>();
        configurationBuilder.Properties<UsageKind>().HaveConversion<SnakeCase<UsageKind>>();
        configurationBuilder.Properties<NotificationKind>().HaveConversion<SnakeCase<NotificationKind>>();
        configurationBuilder.Properties<NotificationDigest>().HaveConversion<SnakeCase<NotificationDigest>>();
    }

    private LambdaExpression TenantFilter(Type type)
    {
        var row = Expression.Parameter(type, "row");
        var tenant = Expression.Property(Expression.Constant(this), nameof(TenantId));
        return Expression.Lambda(Expression.Equal(Expression.Property(row, nameof(ITenantOwned.TenantId)), tenant), row);
    }

    private sealed class SnakeCase<T>() : ValueConverter<T, string>(value => Words.Of(value), text => Words.To<T>(text))
        where T : struct, Enum;
}
