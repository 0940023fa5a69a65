using System.Text.Json;
using System.Text.Json.Nodes;
using CapabilityRegistry.Api.Http;
using CapabilityRegistry.Core.Manifests;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace CapabilityRegistry.Api.Capabilities;

internal static class PatchCapability
{
    public static async Task<Results<Ok<CapabilityView>, Problem>> HandleAsync(
        string capability, JsonBody<JsonObject> body, RegistryScope scope, CancellationToken cancellationToken)
    {
        var found = await CapabilityKey.Of(capability).LivingIn(scope.Database.Capabilities).FirstOrDefaultAsync(cancellationToken);
        if (found is null)
        {
            return Problems.NotFound("capability");
        }

        var current = JsonSerializer.SerializeToNode(CapabilityEdit.Of(found), RegistryJson.Options);
        var findings = new List<Finding>();
        var edit = StrictJson.Read<CapabilityEdit>(JsonSerializer.SerializeToUtf8Bytes(MergePatch.Apply(current, body.Value), RegistryJson.Options), findings);
        return edit is null ? Problems.Invalid(findings) : await found.SaveEditAsync(edit, scope, cancellationToken);
    }
}
