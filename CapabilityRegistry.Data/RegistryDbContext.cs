using System.Linq.Expressions;
using CapabilityRegistry.Core.Manifests;
using CapabilityRegistry.Data.Model;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace CapabilityRegistry.Data;

/// <summary>The registry's tables, seen by one tenant at a time.</summary>
/// <remarks>Contexts are pooled: a tenant that was set for one lease does not hold for the next, and a query without a tenant throws instead of showing another's rows.</remarks>
public sealed class RegistryDbContext(DbContextOptions<RegistryDbContext> options) : DbContext(options)
{
    private string? _tenantId;
    private int _tenantLease = -1;

    public DbSet<Capability> Capabilities => Set<Capability>();

    public DbSet<CapabilityVersion> CapabilityVersions => Set<CapabilityVersion>();

    public DbSet<NameRow> Names => Set<NameRow>();

    public DbSet<DependencyRow> Dependencies => Set<DependencyRow>();

    public DbSet<ProvidedServiceRow> ProvidedServices => Set<ProvidedServiceRow>();

    public DbSet<Composition> Compositions => Set<Composition>();

    public DbSet<CompositionLock> CompositionLocks => Set<CompositionLock>();

    public DbSet<RegistryEvent> Events => Set<RegistryEvent>();

    /// <summary>The tenant whose rows queries see.</summary>
    /// <exception cref="InvalidOperationException">No tenant has been set since the context was taken from the pool.</exception>
    public string TenantId
    {
        get => _tenantLease == ContextId.Lease && _tenantId is not null ? _tenantId : throw new InvalidOperationException("No tenant is set on this context.");
        set => (_tenantId, _tenantLease) = (value, ContextId.Lease);
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.ApplyConfigurationsFromAssembly(typeof(RegistryDbContext).Assembly);
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
