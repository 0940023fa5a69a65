using CapabilityRegistry.ServiceDefaults.Configuration;
using Microsoft.AspNetCore.Builder;

namespace CapabilityRegistry.Tests.ServiceDefaults.Configuration;

/// <summary>A host's builder that has read the given variables instead of the process's.</summary>
internal static class ConfiguredHost
{
    public static WebApplicationBuilder With(Dictionary<string, string> environment, Action<WebApplicationBuilder>? before = null, string? folder = null)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = folder ?? AppContext.BaseDirectory });
        before?.Invoke(builder);
        builder.AddGuideVariables(environment);
        return builder;
    }

    public static WebApplicationBuilder With(string name, string value) => With(new() { [name] = value });

    /// <summary>What is found wrong.</summary>
    public static IReadOnlyList<string> FindingsOf(Dictionary<string, string> environment) => Assert.Throws<ConfigurationException>(() => With(environment)).Findings;
}
