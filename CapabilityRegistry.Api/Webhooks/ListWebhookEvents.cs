using CapabilityRegistry.Data.Webhooks;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CapabilityRegistry.Api.Webhooks;

internal static class ListWebhookEvents
{
    public static Ok<Response> Handle() => TypedResults.Ok(new Response([.. WebhookEvents.Types.Select(t => new Item(t.Type, t.Description))]));

    /// <summary>All of them. A subscription names them one by one, by prefix (<c>capability.*</c>), or with <c>*</c>.</summary>
    internal sealed record Response(IReadOnlyList<Item> Items);

    internal sealed record Item(string Type, string Description);
}
