using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using CapabilityRegistry.Api.Http;
using CapabilityRegistry.Core.Manifests;
using CapabilityRegistry.Data.Model;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CapabilityRegistry.Api.Clients;

internal static class PatchClient
{
    public static async Task<Results<Ok<ClientView>, Problem>> HandleAsync(string clientId, JsonBody<JsonObject> body, RegistryScope scope, CancellationToken cancellationToken)
    {
        if (await scope.FindClientAsync(clientId, cancellationToken) is not var (client, secrets))
        {
            return Problems.NotFound("client");
        }

        var before = ClientView.Of(client, secrets);
        if ((scope.IsCurrent(before) ? client.Protects(scope.Caller) : Problems.PreconditionFailed()) is { } refusal)
        {
            return refusal;
        }

        var findings = new List<Finding>();
        var current = JsonSerializer.SerializeToNode(new Edit(client.Name, client.Roles, client.Scopes), RegistryJson.Options);
        var edit = StrictJson.Read<Edit>(JsonSerializer.SerializeToUtf8Bytes(MergePatch.Apply(current, body.Value), RegistryJson.Options), findings);
        if (edit is not null)
        {
            ClientRules.CheckRights(edit.Name, edit.Roles, edit.Scopes, scope.Caller, findings);
        }

        if (edit is null || findings.Count > 0)
        {
            return Problems.Invalid(findings);
        }

        (client.Name, client.Roles, client.Scopes, client.UpdatedAt) = (edit.Name, [.. edit.Roles], [.. edit.Scopes], scope.Now);
        client.Revision++;
        var after = ClientView.Of(client, secrets);
        scope.RecordClient(EventTypes.ClientUpdated, client, before, after);
        return await scope.SaveAsync(cancellationToken) ? TypedResults.Ok(after) : scope.Changed();
    }

    /// <summary>What can be changed of a client.</summary>
    internal sealed record Edit([property: JsonRequired] string Name, [property: JsonRequired] IReadOnlyList<string> Roles, [property: JsonRequired] IReadOnlyList<string> Scopes);
}
