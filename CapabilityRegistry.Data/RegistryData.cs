using System.Diagnostics;
using CapabilityRegistry.Data.Catalogues;
using CapabilityRegistry.Data.Events;
using CapabilityRegistry.Data.Writing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace CapabilityRegistry.Data;

/// <summary>Registers what API and worker share.</summary>
public static class RegistryData
{
    /// <summary>The name of the connection string.</summary>
    public const string ConnectionName = "registry";

    /// <summary>Settings of the data source that a connection string may override.</summary>
    public static void Configure(NpgsqlDataSourceBuilder source)
    {
        ArgumentNullException.ThrowIfNull(source);
        var connection = source.ConnectionStringBuilder;
        SetDefault(connection, "Max Auto Prepare", 50);
        SetDefault(connection, "Auto Prepare Min Usages", 2);
        SetDefault(connection, "Timeout", 5);
        SetDefault(connection, "Application Name", "capability-registry");

        // Polling is not part of any trace and would drown those that matter.
        source.ConfigureTracing(tracing => tracing.ConfigureCommandFilter(_ => Activity.Current is not null));
    }

    /// <summary>Adds the context and the services over an <see cref="NpgsqlDataSource"/> that the host has registered.</summary>
    public static IServiceCollection AddRegistryData(this IServiceCollection services)
    {
        services.AddDbContextPool<RegistryDbContext>((provider, options) => options
            .UseNpgsql(
                provider.GetRequiredService<NpgsqlDataSource>(),
                npgsql => npgsql.EnableRetryOnFailure(maxRetryCount: 2, maxRetryDelay: TimeSpan.FromMilliseconds(250), errorCodesToAdd: null))
            .UseSnakeCaseNamingConvention());
        services.AddScoped<DatabaseMigrator>();
        services.AddSingleton<TableStatistics>();
        services.AddSingleton<CatalogueWriter>();
        services.AddSingleton<Sequencer>();
        services.AddSingleton<CatalogueLoader>();
        services.AddSingleton<CatalogueStore>();
        services.AddSingleton<PositionListener>();
        return services;
    }

    private static void SetDefault(NpgsqlConnectionStringBuilder connection, string keyword, object value)
    {
        if (!connection.ContainsKey(keyword))
        {
            connection[keyword] = value;
        }
    }
}
