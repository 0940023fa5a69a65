using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Http.Resilience;
using Microsoft.Extensions.Options;

namespace CapabilityRegistry.Data.Search.Elasticsearch;

/// <summary>Adds Elasticsearch where it is configured.</summary>
public static class ElasticsearchSetup
{
    /// <summary>Adds the client and lets it answer searches. Without a connection string nothing changes: PostgreSQL answers.</summary>
    /// <returns>Whether it is configured.</returns>
    public static bool AddElasticsearch(this IHostApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var (configuration, services) = (builder.Configuration, builder.Services);
        if (string.IsNullOrWhiteSpace(configuration.GetConnectionString(ElasticsearchOptions.ConnectionName)))
        {
            return false;
        }

        if (services.Any(service => service.ServiceType == typeof(ElasticsearchClient)))
        {
            return true;
        }

        services.AddOptions<ElasticsearchOptions>().BindConfiguration(ElasticsearchOptions.SectionName, binder => binder.ErrorOnUnknownConfiguration = true).ValidateDataAnnotations()
            .Validate<IConfiguration>((options, settings) => EndpointOf(settings, options) is not null, ElasticsearchEndpoint.Expected).ValidateOnStart();
        services.AddSingleton(provider => EndpointOf(provider.GetRequiredService<IConfiguration>(), provider.GetRequiredService<IOptions<ElasticsearchOptions>>().Value)!);
        services.AddSingleton(provider => new IndexNames(provider.GetRequiredService<IOptions<ElasticsearchOptions>>().Value.IndexPrefix));
        services.AddSingleton<ElasticsearchTransport>();
        services.AddSingleton<ElasticsearchClient>();
        services.AddSingleton<BulkWriter>();
        services.AddSingleton<ElasticsearchSearchIndex>();
        services.Replace(ServiceDescriptor.Singleton<ISearchIndex, PreferredSearchIndex>());
        services.AddClients();
        return true;
    }

    private static ElasticsearchEndpoint? EndpointOf(IConfiguration configuration, ElasticsearchOptions options) =>
        ElasticsearchEndpoint.Parse(configuration.GetConnectionString(ElasticsearchOptions.ConnectionName), options.ApiKey);

    /// <summary>Two clients with circuit breakers of their own: a bulk that is refused must not keep searches away, and a slow search is given up long before a slow bulk.</summary>
    private static void AddClients(this IServiceCollection services)
    {
        services.AddClient(ElasticsearchTransport.Searching).AddStandardResilienceHandler().Configure((resilience, provider) =>
        {
            var timeout = TimeSpan.FromMilliseconds(provider.GetRequiredService<IOptions<ElasticsearchOptions>>().Value.SearchTimeoutMs);
            (resilience.AttemptTimeout.Timeout, resilience.TotalRequestTimeout.Timeout) = (timeout, timeout * 2);
            (resilience.Retry.MaxRetryAttempts, resilience.Retry.Delay) = (1, TimeSpan.FromMilliseconds(50));
            (resilience.CircuitBreaker.SamplingDuration, resilience.CircuitBreaker.MinimumThroughput) = (TimeSpan.FromSeconds(30), 5);
        });
        services.AddClient(ElasticsearchTransport.Indexing).AddStandardResilienceHandler(resilience =>
        {
            (resilience.AttemptTimeout.Timeout, resilience.TotalRequestTimeout.Timeout) = (TimeSpan.FromSeconds(60), TimeSpan.FromMinutes(3));
            (resilience.Retry.MaxRetryAttempts, resilience.Retry.Delay) = (2, TimeSpan.FromMilliseconds(200));
            resilience.CircuitBreaker.SamplingDuration = TimeSpan.FromMinutes(3);
        });
    }

    private static IHttpClientBuilder AddClient(this IServiceCollection services, string name)
    {
        var client = services.AddHttpClient(name, (provider, http) =>
        {
            var endpoint = provider.GetRequiredService<ElasticsearchEndpoint>();
            (http.BaseAddress, http.DefaultRequestHeaders.Authorization, http.Timeout) = (endpoint.Address, endpoint.Authorization, Timeout.InfiniteTimeSpan);
        });
        client.UseSocketsHttpHandler((handler, _) =>
            (handler.PooledConnectionLifetime, handler.AutomaticDecompression, handler.UseCookies) = (TimeSpan.FromMinutes(2), DecompressionMethods.All, false));
#pragma warning disable EXTEXP0001 // The defaults of all clients would come on top.
        return client.RemoveAllResilienceHandlers();
#pragma warning restore EXTEXP0001
    }
}
