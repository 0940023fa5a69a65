using CapabilityRegistry.Api.Http;
using CapabilityRegistry.Api.Identity;
using CapabilityRegistry.Core.Manifests;

namespace CapabilityRegistry.Api.Capabilities;

internal static class CapabilityEndpoints
{
    public static void MapCapabilities(this IEndpointRouteBuilder api)
    {
        var capabilities = api.MapGroup("/capabilities").WithTags("Capabilities").Requires(Access.Read);
        capabilities.MapGet("/", ListCapabilities.HandleAsync).WithName("ListCapabilities").WithSummary("Lists and searches capabilities.");
        capabilities.MapPost("/", RegisterCapability.HandleAsync).WithName("RegisterCapability").WithSummary("Registers a capability with its first version.").Requires(Access.WriteCapabilities);
        capabilities.MapPost("/import", ImportCatalogue.HandleAsync).WithName("ImportCatalogue").WithSummary("Imports manifests, one a line, and answers with one outcome a line.").Requires(Access.WriteCapabilities).Accepts<Manifest>("application/x-ndjson", "application/jsonl").WithMetadata(new OwnTransactionsAttribute()).DisableRequestTimeout();
        capabilities.MapGet("/export", ExportCatalogue.HandleAsync).WithName("ExportCatalogue").WithSummary("Exports every version as a manifest, one a line.").DisableRequestTimeout();
        capabilities.MapPost("/batch_get", BatchGetCapabilities.HandleAsync).WithName("BatchGetCapabilities").WithSummary("Reads several capabilities, in the order asked, null for each that is missing.");
        capabilities.MapGet("/{capability}", GetCapability.HandleAsync).WithName("GetCapability").WithSummary("Reads a capability by id or code.");
        capabilities.MapPut("/{capability}", ReplaceCapability.HandleAsync).WithName("ReplaceCapability").WithSummary("Replaces the editable part of a capability.").Requires(Access.WriteCapabilities);
        capabilities.MapPatch("/{capability}", PatchCapability.HandleAsync).WithName("PatchCapability").WithSummary("Changes members of the editable part of a capability (RFC 7396).").Requires(Access.WriteCapabilities);
        capabilities.MapDelete("/{capability}", DeleteCapability.HandleAsync).WithName("DeleteCapability").WithSummary("Deletes a capability so that it can be restored.").Requires(Access.WriteCapabilities);
        capabilities.MapPost("/{capability}/restore", RestoreCapability.HandleAsync).WithName("RestoreCapability").WithSummary("Restores a deleted capability.").Requires(Access.WriteCapabilities);

        var versions = capabilities.MapGroup("/{capability}/versions").WithTags("Versions");
        versions.MapGet("/", ListVersions.HandleAsync).WithName("ListVersions").WithSummary("Lists the versions of a capability, newest first.");
        versions.MapPost("/", PublishVersion.HandleAsync).WithName("PublishVersion").WithSummary("Publishes a version.").Requires(Access.WriteCapabilities);
        versions.MapGet("/{version}", GetVersion.HandleAsync).WithName("GetVersion").WithSummary("Reads a version, or the one that the channel latest stands for.");
        versions.MapPost("/{version}/deprecate", ChangeLifecycle.DeprecateAsync).WithName("DeprecateVersion").WithSummary("Marks a version as deprecated.").Requires(Access.WriteCapabilities);
        versions.MapPost("/{version}/yank", ChangeLifecycle.YankAsync).WithName("YankVersion").WithSummary("Takes a version out of new resolutions; locks still get it.").Requires(Access.WriteCapabilities);
        versions.MapPost("/{version}/retire", ChangeLifecycle.RetireAsync).WithName("RetireVersion").WithSummary("Takes a version out of every resolution.").Requires(Access.WriteCapabilities);
        versions.MapPost("/{version}/restore", ChangeLifecycle.RestoreAsync).WithName("RestoreVersion").WithSummary("Makes a version active again.").Requires(Access.WriteCapabilities);
    }
}
