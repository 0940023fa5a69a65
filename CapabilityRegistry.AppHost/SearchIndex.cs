using Microsoft.Extensions.DependencyInjection;

namespace CapabilityRegistry.AppHost;

/// <summary>The search index, made anew from PostgreSQL by the worker's role <c>reindex</c>.</summary>
internal static class SearchIndex
{
    private const string Resource = "reindex";

    /// <summary>Adds the command <c>rebuild-search-index</c> and the process that it starts. Deployed, it is the image of the worker with the argument <c>reindex</c>.</summary>
    public static IResourceBuilder<ProjectResource> WithRebuildIndexCommand(this IResourceBuilder<ProjectResource> worker, Stores stores, IResourceBuilder<ProjectResource> migrations)
    {
        var builder = worker.ApplicationBuilder;
        if (builder.ExecutionContext.IsPublishMode)
        {
            return worker;
        }

        builder.AddProject<Projects.CapabilityRegistry_Worker>(Resource, options => options.ExcludeLaunchProfile = true)
            .WithArgs("reindex")
            .WithDefaults()
            .WithParentRelationship(worker)
            .WithReference(stores.Registry)
            .WithOptionalReference(stores.Elasticsearch)
            .WaitForCompletion(migrations)
            .WithExplicitStart();
        return worker.WithCommand("rebuild-search-index", "Rebuild the search index", StartAsync, new()
        {
            Description = "Starts the process reindex, whose log tells how far it is. Searches are answered meanwhile.",
            IconName = "ArrowSync",
            ConfirmationMessage = "Make the search index anew?",
            UpdateState = Readiness.OfCommand,
        });
    }

    private static Task<ExecuteCommandResult> StartAsync(ExecuteCommandContext context) =>
        context.Services.GetRequiredService<ResourceCommandService>().ExecuteCommandAsync(Resource, KnownResourceCommands.StartCommand, context.CancellationToken);
}
