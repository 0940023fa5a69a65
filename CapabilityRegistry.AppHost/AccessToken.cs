using System.Net.Http.Json;

namespace CapabilityRegistry.AppHost;

/// <summary>The way in for whoever runs the AppHost: an access token without copying a secret.</summary>
internal static class AccessToken
{
    /// <summary>Adds the command <c>access-token</c>: a button of the dashboard, and <c>aspire resource api access-token</c>.</summary>
    /// <param name="api">The API.</param>
    /// <param name="adminSecret">The first administrator's secret. Tenant and client are those of <c>BootstrapOptions</c>, which nothing here changes.</param>
    public static IResourceBuilder<ProjectResource> WithAccessTokenCommand(this IResourceBuilder<ProjectResource> api, IResourceBuilder<ParameterResource> adminSecret) =>
        api.WithHttpCommand("/api/auth/token", "Get an access token", commandName: "access-token", commandOptions: new()
        {
            Description = "Exchanges the first administrator's secret for an access token, to be sent as \"Authorization: Bearer ...\".",
            IconName = "Key",
            IsHighlighted = true,
            ResultMode = HttpCommandResultMode.Json,
            PrepareRequest = async context => context.Request.Content = JsonContent.Create(await RequestAsync(adminSecret.Resource, context.CancellationToken)),
        });

    /// <summary>The request of a token for the first administrator.</summary>
    public static async Task<Dictionary<string, string?>> RequestAsync(ParameterResource adminSecret, CancellationToken cancellationToken) => new(StringComparer.Ordinal)
    {
        ["tenant_id"] = "default",
        ["client_id"] = "admin",
        ["client_secret"] = await adminSecret.GetValueAsync(cancellationToken),
    };
}
