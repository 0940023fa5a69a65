using CapabilityRegistry.Api.Capabilities;
using CapabilityRegistry.Api.Identity;
using CapabilityRegistry.ServiceDefaults.Configuration;

namespace CapabilityRegistry.Api.Events;

internal static class EventEndpoints
{
    /// <summary>Adds what follows the sequence in this process.</summary>
    public static void AddEvents(this IServiceCollection services)
    {
        services.AddRegistryOptions<PositionOptions>(PositionOptions.SectionName);
        services.AddSingleton<EventTail>();
        services.AddHostedService(provider => provider.GetRequiredService<EventTail>());
        services.AddSingleton<TenantSignals>();
        services.AddSingleton<IEventFollower>(provider => provider.GetRequiredService<TenantSignals>());
        services.AddSingleton<IEventFollower, PageForgetter>();
        services.AddSingleton<EventNews>();
        services.AddSingleton<WritePositions>();
        services.AddSingleton<ChangeFeed>();
    }

    public static void MapEvents(this IEndpointRouteBuilder api)
    {
        api.MapGroup("/changes").WithTags("Events").Requires(Access.Read).MapGet("/", ListChanges.HandleAsync).WithName("ListChanges")
            .WithSummary("Reads what has changed since a position, in order; waits for news when asked to.").DisableRequestTimeout();

        var parked = api.MapGroup("/registry/events/parked").WithTags("Events").Requires(Access.OperateRegistry);
        parked.MapGet("/", ListParkedEvents.HandleAsync).WithName("ListParkedEvents").WithSummary("Lists the events that a consumer could not deal with.");
        parked.MapGet("/{parkedEventId:guid}", GetParkedEvent.HandleAsync).WithName("GetParkedEvent").WithSummary("Reads a parked event and why it was parked.");
        parked.MapPost("/{parkedEventId:guid}/replay", ReplayParkedEvent.HandleAsync).WithName("ReplayParkedEvent").WithSummary("Has a parked event tried again.").Requires(Access.ChangeRegistry);
        parked.MapDelete("/{parkedEventId:guid}", DropParkedEvent.HandleAsync).WithName("DropParkedEvent").WithSummary("Gives a parked event up.").Requires(Access.ChangeRegistry);
    }
}
