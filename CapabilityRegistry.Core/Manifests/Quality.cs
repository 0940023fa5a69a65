namespace CapabilityRegistry.Core.Manifests;

/// <summary>One part of a quality score.</summary>
/// <param name="Part">What was looked at.</param>
/// <param name="Points">What it earned.</param>
/// <param name="Most">What it could have earned.</param>
public sealed record QualityPart(string Part, double Points, double Most);

/// <summary>How well a manifest describes its capability, from 0 to 1, as a sum whose parts can be shown.</summary>
/// <remarks>Only what is declared counts. Weights: text and finding 0.40, contract 0.30, operation 0.15, history 0.15.</remarks>
public static class Quality
{
    /// <summary>The parts of the score; their points add up to it.</summary>
    public static IReadOnlyList<QualityPart> Parts(Manifest manifest)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        return
        [
            Part("description", 0.15, Math.Min(1, (manifest.Description?.Length ?? 0) / 60.0)),
            Part("long_description", 0.10, Has(manifest.LongDescription)),
            Part("composition_keywords", 0.10, Math.Min(1, (manifest.CompositionKeywords?.Count ?? 0) / 3.0)),
            Part("category", 0.05, Has(manifest.Category)),
            Part("api_endpoints", 0.10, Has(manifest.ApiEndpoints)),
            Part("data_models", 0.05, Has(manifest.DataModels)),
            Part("provides_services", 0.05, Has(manifest.ProvidesServices)),
            Part("bounded_dependencies", 0.10, Bounded(manifest.Dependencies)),
            Part("documentation", 0.10, Has(manifest.DocumentationPath ?? manifest.RepositoryUrl)),
            Part("resources", 0.05, manifest.Resources is null ? 0 : 1),
            Part("release_notes", 0.10, Has(manifest.ReleaseNotes)),
            Part("use_cases", 0.05, Has(manifest.UseCases)),
        ];
    }

    /// <summary>The score, from 0 to 1, rounded to three decimals.</summary>
    public static double Score(Manifest manifest) => Math.Round(Parts(manifest).Sum(part => part.Points), 3);

    private static QualityPart Part(string name, double weight, double share) => new(name, Math.Round(weight * share, 4), weight);

    private static double Has(string? text) => string.IsNullOrWhiteSpace(text) ? 0 : 1;

    private static double Has<T>(IReadOnlyList<T>? items) => items is { Count: > 0 } ? 1 : 0;

    private static double Bounded(IReadOnlyList<Dependency>? dependencies) =>
        dependencies is not { Count: > 0 } ? 1 : dependencies.Count(d => d.VersionRange is not (null or "*" or "")) / (double)dependencies.Count;
}
