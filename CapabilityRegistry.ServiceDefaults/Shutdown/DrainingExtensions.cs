using CapabilityRegistry.ServiceDefaults.Configuration;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace CapabilityRegistry.ServiceDefaults.Shutdown;

/// <summary>How a server leaves so that none of those who ask it notices.</summary>
public static class DrainingExtensions
{
    /// <summary>Longer than a proxy keeps an idle connection (NGINX: 4 s) and than it takes to learn that a server is not ready (HAProxy: 6 s) or has come back (NGINX: 5 s).</summary>
    private static readonly TimeSpan Deployed = TimeSpan.FromSeconds(10);

    /// <summary>Makes SIGTERM the beginning of the end instead of the end: first not ready, then no new connections, then the host's own stop. In development it ends at once unless a time is set.</summary>
    public static void AddDraining(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var options = builder.Configuration.ReadRegistryOptions<ShutdownOptions>(ShutdownOptions.SectionName);
        var time = options.DrainSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : builder.Environment.IsDevelopment() ? TimeSpan.Zero : Deployed;
        if (time == TimeSpan.Zero)
        {
            return;
        }

        builder.Services.AddSingleton<Drain>();
        builder.Services.AddSingleton<Doors>();
        builder.Services.AddSingleton<IHostLifetime>(services => ActivatorUtilities.CreateInstance<DrainingLifetime>(services, time));
        builder.Services.AddTransient<IStartupFilter, LastAnswers>();
        builder.Services.AddOptions<SocketTransportOptions>().Configure<Doors>((transport, doors) => transport.CreateBoundListenSocket = doors.Open);
        builder.Services.AddHealthChecks().AddCheck<DrainCheck>(DrainCheck.Name);
    }
}
