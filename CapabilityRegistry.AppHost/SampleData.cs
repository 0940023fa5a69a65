using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;

namespace CapabilityRegistry.AppHost;

/// <summary>The example catalogue of <c>samples/</c>, loaded through the API as any client would. Loading again changes nothing.</summary>
internal static class SampleData
{
    /// <summary>Adds the command <c>seed-sample-data</c>.</summary>
    public static IResourceBuilder<ProjectResource> WithSampleDataCommand(this IResourceBuilder<ProjectResource> api, IResourceBuilder<ParameterResource> adminSecret) =>
        api.WithCommand("seed-sample-data", "Load the sample data", context => LoadAsync(api, adminSecret.Resource, context), new()
        {
            Description = "Imports the catalogue and the compositions of the folder samples in the name of the first administrator.",
            IconName = "DatabaseArrowUp",
            UpdateState = Readiness.OfCommand,
        });

    private static async Task<ExecuteCommandResult> LoadAsync(IResourceBuilder<ProjectResource> api, ParameterResource adminSecret, ExecuteCommandContext context)
    {
        using var http = context.Services.GetRequiredService<IHttpClientFactory>().CreateClient();
        http.BaseAddress = new(api.GetEndpoint("http").Url);
        var folder = Path.Combine(api.ApplicationBuilder.AppHostDirectory, "..", "samples");
        try
        {
            http.DefaultRequestHeaders.Authorization = new("Bearer", await SignInAsync(http, adminSecret, context.CancellationToken));
            var (loaded, refused) = await ImportAsync(http, Path.Combine(folder, "catalogue.ndjson"), context.CancellationToken);
            var compositions = await ComposeAsync(http, Path.Combine(folder, "compositions.json"), context.CancellationToken);
            return refused == 0
                ? CommandResults.Success($"{loaded} versions and {compositions} compositions are there.")
                : CommandResults.Failure($"{refused} of {loaded + refused} versions were refused.");
        }
        catch (HttpRequestException exception)
        {
            return CommandResults.Failure(exception);
        }
    }

    private static async Task<string?> SignInAsync(HttpClient http, ParameterResource adminSecret, CancellationToken cancellationToken)
    {
        using var answer = await http.PostAsJsonAsync("/api/auth/token", await AccessToken.RequestAsync(adminSecret, cancellationToken), cancellationToken);
        return (await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>(cancellationToken)).GetProperty("access_token").GetString();
    }

    private static async Task<(int Loaded, int Refused)> ImportAsync(HttpClient http, string file, CancellationToken cancellationToken)
    {
        await using var lines = File.OpenRead(file);
        using var content = new StreamContent(lines) { Headers = { ContentType = new MediaTypeHeaderValue("application/x-ndjson") } };
        using var answer = await http.PostAsync("/api/capabilities/import?on_conflict=skip", content, cancellationToken);
        var outcomes = (await answer.EnsureSuccessStatusCode().Content.ReadAsStringAsync(cancellationToken)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var refused = outcomes.Count(outcome => outcome.Contains("\"status\":\"failed\"", StringComparison.Ordinal));
        return (outcomes.Length - refused, refused);
    }

    private static async Task<int> ComposeAsync(HttpClient http, string file, CancellationToken cancellationToken)
    {
        using var compositions = JsonDocument.Parse(await File.ReadAllTextAsync(file, cancellationToken));
        foreach (var composition in compositions.RootElement.EnumerateArray())
        {
            using var content = new StringContent(composition.GetRawText(), Encoding.UTF8, "application/json");
            using var answer = await http.PostAsync("/api/compositions", content, cancellationToken);
            if (answer.StatusCode is not HttpStatusCode.Conflict)
            {
                answer.EnsureSuccessStatusCode();
            }
        }

        return compositions.RootElement.GetArrayLength();
    }
}
