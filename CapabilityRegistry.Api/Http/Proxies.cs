using CapabilityRegistry.ServiceDefaults.Configuration;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;
using Network = System.Net.IPNetwork;

namespace CapabilityRegistry.Api.Http;

/// <summary>Which proxies stand in front and are believed when they say who asks.</summary>
internal sealed class ProxyOptions
{
    public const string SectionName = "Proxies";

    /// <summary>Networks such as <c>10.0.0.0/8</c>; none by default, and then nobody's <c>X-Forwarded-For</c> counts.</summary>
    public IReadOnlyList<string> Networks { get; set; } = [];

    /// <summary>How many proxies a request passes at most.</summary>
    [System.ComponentModel.DataAnnotations.Range(1, 10)]
    public int Hops { get; set; } = 1;
}

internal static class Proxies
{
    /// <summary>Takes address and scheme of the caller from the headers of the configured proxies: audit entries and rate limits go by them.</summary>
    public static void AddProxies(this IServiceCollection services)
    {
        services.AddRegistryOptions<ProxyOptions>(ProxyOptions.SectionName)
            .Validate(p => p.Networks.All(n => Network.TryParse(n, out _)), $"{ProxyOptions.SectionName}:{nameof(ProxyOptions.Networks)} are networks such as 10.0.0.0/8.");
        services.AddOptions<ForwardedHeadersOptions>().Configure<IOptions<ProxyOptions>>((headers, proxies) =>
        {
            headers.ForwardedHeaders = proxies.Value.Networks.Count == 0 ? ForwardedHeaders.None : ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto;
            headers.ForwardLimit = proxies.Value.Hops;
            headers.KnownProxies.Clear();
            headers.KnownIPNetworks.Clear();
            foreach (var network in proxies.Value.Networks)
            {
                headers.KnownIPNetworks.Add(Network.Parse(network));
            }
        });
    }
}
