using CapabilityRegistry.Api.Identity;

namespace CapabilityRegistry.Api.Compositions;

internal static class CompositionEndpoints
{
    public static void MapCompositions(this IEndpointRouteBuilder api)
    {
        var compositions = api.MapGroup("/compositions").WithTags("Compositions").Requires(Access.Read);
        compositions.MapGet("/", ListCompositions.HandleAsync).WithName("ListCompositions").WithSummary("Lists compositions.");
        compositions.MapPost("/", CreateComposition.HandleAsync).WithName("CreateComposition").WithSummary("Creates a composition.").Requires(Access.WriteCompositions);
        compositions.MapGet("/{compositionId:guid}", GetComposition.HandleAsync).WithName("GetComposition").WithSummary("Reads a composition.");
        compositions.MapPut("/{compositionId:guid}", ReplaceComposition.HandleAsync).WithName("ReplaceComposition").WithSummary("Replaces what people write of a composition.").Requires(Access.WriteCompositions);
        compositions.MapPatch("/{compositionId:guid}", PatchComposition.HandleAsync).WithName("PatchComposition").WithSummary("Changes parts of a composition (JSON merge patch, RFC 7396).").Requires(Access.WriteCompositions);
        compositions.MapDelete("/{compositionId:guid}", DeleteComposition.HandleAsync).WithName("DeleteComposition").WithSummary("Deletes a composition and its lock.").Requires(Access.WriteCompositions);
        compositions.MapGet("/{compositionId:guid}/lock", GetLock.HandleAsync).WithName("GetLock").WithSummary("Reads the lock of a composition.");
        compositions.MapPost("/{compositionId:guid}/lock", LockComposition.HandleAsync).WithName("LockComposition").WithSummary("Computes the lock of a composition and stores it.").Requires(Access.WriteCompositions);
    }
}
