using System.Diagnostics;
using CapabilityRegistry.Data.Audit;
using CapabilityRegistry.Data.Catalogues;
using CapabilityRegistry.Data.Events;
using CapabilityRegistry.Data.Health;
using CapabilityRegistry.Data.Identity;
using CapabilityRegistry.Data.Search;
using CapabilityRegistry.Data.Tenancy;
using CapabilityRegistry.Data.Webhooks;
using CapabilityRegistry.Data.Writing;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace CapabilityRegistry.Data;

/// <summary>Registers what API and worker share.</summary>
public static class RegistryData
{
    /// <summary>The name of the connection string under which the system works.</summary>
    public const string ConnectionName = "registry";

    /// <summary>The name of the connection string of the tables' owner, for migrations; where there is none, the other one serves both.</summary>
    public const string OwnerConnectionName = "registry-owner";

    /// <summary>Pools of their own: who waits here may hold a connection of the requests' pool, and must not wait for a second one of that.</summary>
    private const int SystemConnections = 16;
    private const int LoadingConnections = 4;

    /// <summary>Settings of the application's data source. Its connections work as <see cref="DatabaseRoles.Application"/>.</summary>
    public static void Configure(NpgsqlDataSourceBuilder source) => Configure(source, DatabaseRoles.Application);

    /// <summary>Adds the context and the services over an <see cref="NpgsqlDataSource"/> that the host has registered.</summary>
    public static IServiceCollection AddRegistryData(this IServiceCollection services)
    {
        services.AddSingleton<TenantInterceptor>();
        services.AddDbContextPool<RegistryDbContext>((provider, options) => options
            .UseNpgsql(
                provider.GetRequiredService<NpgsqlDataSource>(),
                npgsql => npgsql.EnableRetryOnFailure(maxRetryCount: 2, maxRetryDelay: TimeSpan.FromMilliseconds(250), errorCodesToAdd: null))
            .AddInterceptors(provider.GetRequiredService<TenantInterceptor>())
            .UseSnakeCaseNamingConvention());
        services.AddSingleton<TenantDatabase>();
        services.AddSingleton<PostgresSearchIndex>();
        services.TryAddSingleton<ISearchIndex>(provider => provider.GetRequiredService<PostgresSearchIndex>());
        services.AddSingleton(provider => new SystemDatabase(Source(provider, DatabaseRoles.System, SystemConnections, "system")));
        services.AddSingleton<DatabaseMigrator>();
        services.AddOptions<BootstrapOptions>().BindConfiguration(BootstrapOptions.SectionName, binder => binder.ErrorOnUnknownConfiguration = true).ValidateDataAnnotations();
        services.AddSingleton<SecretHasher>();
        services.AddScoped<FirstStart>();
        services.AddSingleton<ClientDirectory>();
        services.AddSingleton<TableStatistics>();
        services.AddSingleton<CatalogueImporter>();
        services.AddSingleton<Sequencer>();
        services.AddSingleton<SequenceGate>();
        services.AddSingleton(provider => new CatalogueLoader(new(Source(provider, DatabaseRoles.Application, LoadingConnections, "loading")), provider.GetRequiredService<Sequencer>()));
        services.AddSingleton<CatalogueStore>();
        services.AddSingleton<SequenceAnnouncements>();
        services.AddHostedService(provider => provider.GetRequiredService<SequenceAnnouncements>());
        services.AddSingleton<PositionListener>();

        // What one process encrypts another must be able to read.
        services.AddDataProtection().SetApplicationName("capability-registry").PersistKeysToDbContext<RegistryDbContext>();
        services.AddSingleton<WebhookSecrets>();
        services.AddSingleton<WebhookTargets>();
        services.TryAddSingleton<IHostResolver, SystemResolver>();
        services.AddSingleton<AuditChain>();
        services.AddSingleton<ChainVerifier>();
        services.AddHealthChecks()
            .Add(new(DatabaseCheck.Name, provider => new DatabaseCheck(provider.GetRequiredService<NpgsqlDataSource>()), HealthStatus.Unhealthy, tags: null, DatabaseCheck.Limit))
            .Add(new(SchemaCheck.Name, provider => new SchemaCheck(provider.GetRequiredService<NpgsqlDataSource>()), HealthStatus.Unhealthy, tags: null, DatabaseCheck.Limit));
        return services;
    }

    private static NpgsqlDataSource Source(IServiceProvider services, string role, int connections, string name)
    {
        var source = new NpgsqlDataSourceBuilder(services.GetRequiredService<IConfiguration>().GetConnectionString(ConnectionName));
        source.UseLoggerFactory(services.GetRequiredService<ILoggerFactory>());
        source.Name = name;
        Configure(source, role);
        source.ConnectionStringBuilder.MinPoolSize = 0;
        source.ConnectionStringBuilder.MaxPoolSize = connections;
        return source.Build();
    }

    /// <summary>The role is part of how a session starts, so that no reset of the session ends it.</summary>
    private static void Configure(NpgsqlDataSourceBuilder source, string role)
    {
        ArgumentNullException.ThrowIfNull(source);

        // Metrics carry it. By default it is the connection string without the password.
        source.Name ??= "requests";
        var connection = source.ConnectionStringBuilder;
        SetDefault(connection, "Max Auto Prepare", 50);
        SetDefault(connection, "Auto Prepare Min Usages", 2);
        SetDefault(connection, "Timeout", 5);

        // The guide's 20 and 30. More at once only wait for each other inside PostgreSQL instead of here.
        SetDefault(connection, "Maximum Pool Size", 50);
        SetDefault(connection, "Application Name", "capability-registry");
        ForgoGss(connection);
        connection.Options = $"{connection.Options} -c role={role}".TrimStart();

        // A session that is not reset would carry one request's tenant into the next.
        connection.NoResetOnClose = false;

        // Polling is not part of any trace and would drown those that matter.
        source.ConfigureTracing(tracing => tracing.ConfigureCommandFilter(_ => Activity.Current is not null));
    }

    /// <summary>Kerberos' encryption is used where it is asked for. Otherwise every start would look for a library that the images lack, and say so on standard error.</summary>
    internal static void ForgoGss(NpgsqlConnectionStringBuilder connection) => SetDefault(connection, "GSS Encryption Mode", GssEncryptionMode.Disable);

    private static void SetDefault(NpgsqlConnectionStringBuilder connection, string keyword, object value)
    {
        // ContainsKey is true of every keyword that there is.
        if (!connection.ShouldSerialize(keyword))
        {
            connection[keyword] = value;
        }
    }
}
