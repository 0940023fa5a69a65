using CapabilityRegistry.Api.Http;
using CapabilityRegistry.Data.Model;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CapabilityRegistry.Api.Capabilities;

/// <summary>The end of every edit: check, save with its event, answer with the page.</summary>
internal static class CapabilityEditing
{
    public static async Task<Results<Ok<CapabilityView>, Problem>> SaveEditAsync(
        this Capability capability, CapabilityEdit edit, RegistryScope scope, CancellationToken cancellationToken)
    {
        if (edit.Validate(capability) is { Count: > 0 } findings)
        {
            return Problems.Invalid(findings);
        }

        edit.ApplyTo(capability, scope.Now);
        scope.Append(EventTypes.CapabilityUpdated, capability.CapabilityId);
        return await scope.SaveAsync(cancellationToken)
            ? TypedResults.Ok(await scope.ReadAsync(new(capability.CapabilityId, null), cancellationToken))
            : Problems.Changed();
    }
}
