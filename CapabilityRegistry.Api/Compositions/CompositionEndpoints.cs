namespace CapabilityRegistry.Api.Compositions;

internal static class CompositionEndpoints
{
    public static void MapCompositions(this IEndpointRouteBuilder api)
    {
        var compositions = api.MapGroup("/compositions").WithTags("Compositions");
        compositions.MapGet("/", ListCompositions.HandleAsync).WithName("ListCompositions").WithSummary("Lists compositions.");
        compositions.MapPost("/", CreateComposition.HandleAsync).WithName("CreateComposition").WithSummary("Creates a composition.");
        compositions.MapGet("/{compositionId:guid}", GetComposition.HandleAsync).WithName("GetComposition").WithSummary("Reads a composition.");
        compositions.MapGet("/{compositionId:guid}/lock", GetLock.HandleAsync).WithName("GetLock").WithSummary("Reads the lock of a composition.");
        compositions.MapPost("/{compositionId:guid}/lock", LockComposition.HandleAsync).WithName("LockComposition").WithSummary("Computes the lock of a composition and stores it.");
    }
}
