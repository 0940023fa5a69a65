using CapabilityRegistry.Api.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace CapabilityRegistry.Api.Capabilities;

internal static class ReplaceCapability
{
    public static async Task<Results<Ok<CapabilityView>, Problem>> HandleAsync(
        string capability, JsonBody<CapabilityEdit> body, RegistryScope scope, CancellationToken cancellationToken)
    {
        var found = await CapabilityKey.Of(capability).LivingIn(scope.Database.Capabilities).FirstOrDefaultAsync(cancellationToken);
        return found is null ? Problems.NotFound("capability") : await found.SaveEditAsync(body.Value, scope, cancellationToken);
    }
}
