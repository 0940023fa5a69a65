namespace CapabilityRegistry.AppHost;

/// <summary>The way to the API's documentation.</summary>
internal static class Documentation
{
    /// <summary>Adds the command <c>open-docs</c>, which answers with the page's address as a link.</summary>
    public static IResourceBuilder<ProjectResource> WithDocumentationCommand(this IResourceBuilder<ProjectResource> api)
    {
        var endpoint = api.GetEndpoint("http");
        return api.WithCommand("open-docs", "Open the API documentation", _ => Task.FromResult(Link($"{endpoint.Url}/docs", $"{endpoint.Url}/openapi/v1.json")), new()
        {
            Description = "Links to the interactive documentation and to the OpenAPI document.",
            IconName = "BookOpen",
            UpdateState = Readiness.OfCommand,
        });
    }

    private static ExecuteCommandResult Link(string page, string document) =>
        CommandResults.Success(page, $"[API documentation]({page}) · [OpenAPI document]({document})", CommandResultFormat.Markdown, displayImmediately: true);
}
