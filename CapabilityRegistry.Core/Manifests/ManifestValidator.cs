using CapabilityRegistry.Core.Versions;

namespace CapabilityRegistry.Core.Manifests;

/// <summary>The rules that a manifest keeps beyond its JSON shape. Reports every finding, each with a pointer.</summary>
public static class ManifestValidator
{
    /// <summary>Adds what is wrong with a manifest to the findings; adds nothing when all is well.</summary>
    public static void Validate(Manifest manifest, ICollection<Finding> findings)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        ArgumentNullException.ThrowIfNull(findings);
        Code(manifest.CapabilityCode, "/capability_code", findings);
        if (!SemanticVersion.TryParse(manifest.Version, out _, out var error))
        {
            findings.Add(new("/version", "invalid_version", error));
        }

        Texts(manifest, findings);
        Lists(manifest, findings);
        Numbers(manifest, findings);
        Services(manifest, findings);
        Dependencies(manifest, findings);
        Lifecycle(manifest.Lifecycle, findings);
    }

    private static void Texts(Manifest manifest, ICollection<Finding> findings)
    {
        Text(manifest.CapabilityName, "/capability_name", 256, findings);
        Text(manifest.Description, "/description", ManifestLimits.LongText, findings);
        Text(manifest.LongDescription, "/long_description", ManifestLimits.LongText, findings);
        Text(manifest.Category, "/category", CapabilityCode.MaxLength, findings);
        Text(manifest.Subcategory, "/subcategory", CapabilityCode.MaxLength, findings);
        Text(manifest.BusinessValue, "/business_value", ManifestLimits.LongText, findings);
        Text(manifest.FilePath, "/file_path", ManifestLimits.ShortText, findings);
        Text(manifest.ModulePath, "/module_path", ManifestLimits.ShortText, findings);
        Text(manifest.DocumentationPath, "/documentation_path", ManifestLimits.ShortText, findings);
        Text(manifest.RepositoryUrl, "/repository_url", ManifestLimits.ShortText, findings);
        Text(manifest.ReleaseNotes, "/release_notes", ManifestLimits.LongText, findings);
        if (manifest.RepositoryUrl is { Length: > 0 } url && !(Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" or "ssh" or "git"))
        {
            findings.Add(new("/repository_url", "invalid_url", "Must be an absolute http, https, ssh or git address."));
        }
    }

    private static void Lists(Manifest manifest, ICollection<Finding> findings)
    {
        Items(manifest.CompositionKeywords, "/composition_keywords", findings);
        Items(manifest.ApiEndpoints, "/api_endpoints", findings);
        Items(manifest.DataModels, "/data_models", findings);
        Items(manifest.TargetUsers, "/target_users", findings);
        Items(manifest.UseCases, "/use_cases", findings);
        Items(manifest.IndustryFocus, "/industry_focus", findings);
        Items(manifest.BreakingChanges, "/breaking_changes", findings);
        Items(manifest.Deprecations, "/deprecations", findings);
        Items(manifest.NewFeatures, "/new_features", findings);
    }

    private static void Numbers(Manifest manifest, ICollection<Finding> findings)
    {
        if (manifest.ComplexityScore is < 0 or > 10)
        {
            findings.Add(new("/complexity_score", "number_out_of_range", "Must be from 0 to 10."));
        }

        if (manifest.Resources is not { } resources)
        {
            return;
        }

        NotNegative(resources.CpuCores, "/resources/cpu_cores", findings);
        NotNegative(resources.MemoryMb, "/resources/memory_mb", findings);
        NotNegative(resources.StorageGb, "/resources/storage_gb", findings);
        NotNegative(resources.MonthlyCost, "/resources/monthly_cost", findings);
        if (resources.Currency is { } currency && !(currency.Length == 3 && currency.All(char.IsAsciiLetterUpper)))
        {
            findings.Add(new("/resources/currency", "invalid_value", "Must be a currency code by ISO 4217, such as EUR."));
        }
    }

    private static void Services(Manifest manifest, ICollection<Finding> findings)
    {
        if (!Count(manifest.ProvidesServices, "/provides_services", ManifestLimits.ProvidedServices, findings))
        {
            return;
        }

        for (var i = 0; i < manifest.ProvidesServices!.Count; i++)
        {
            var provided = manifest.ProvidesServices[i];
            if (IsNull(provided, $"/provides_services/{i}", findings))
            {
                continue;
            }

            Code(provided.Service, $"/provides_services/{i}/service", findings);
            if (provided.Version is not null && !SemanticVersion.TryParse(provided.Version, out _, out var error))
            {
                findings.Add(new($"/provides_services/{i}/version", "invalid_version", error));
            }
        }
    }

    private static void Dependencies(Manifest manifest, ICollection<Finding> findings)
    {
        if (!Count(manifest.Dependencies, "/dependencies", ManifestLimits.Dependencies, findings))
        {
            return;
        }

        for (var i = 0; i < manifest.Dependencies!.Count; i++)
        {
            var dependency = manifest.Dependencies[i];
            if (IsNull(dependency, $"/dependencies/{i}", findings))
            {
                continue;
            }

            Target(dependency.CapabilityCode, dependency.VersionRange, $"/dependencies/{i}", findings);
            if (dependency.Alternatives is not { Count: > 0 } alternatives || !Count(alternatives, $"/dependencies/{i}/alternatives", ManifestLimits.Alternatives, findings))
            {
                continue;
            }

            if (dependency.DependencyType is DependencyType.Conflicting or DependencyType.Enhancing)
            {
                findings.Add(new($"/dependencies/{i}/alternatives", "not_allowed", "Only required, recommended and optional dependencies have alternatives."));
            }

            for (var j = 0; j < alternatives.Count; j++)
            {
                if (!IsNull(alternatives[j], $"/dependencies/{i}/alternatives/{j}", findings))
                {
                    Target(alternatives[j].CapabilityCode, alternatives[j].VersionRange, $"/dependencies/{i}/alternatives/{j}", findings);
                }
            }
        }
    }

    private static bool IsNull(object? item, string pointer, ICollection<Finding> findings)
    {
        if (item is null)
        {
            findings.Add(new(pointer, "null_value", "An item must not be null."));
        }

        return item is null;
    }

    private static void Target(string code, string? range, string pointer, ICollection<Finding> findings)
    {
        Code(code, $"{pointer}/capability_code", findings);
        if (range is not null && !VersionRange.TryParse(range, out _, out var error))
        {
            findings.Add(new($"{pointer}/version_range", "invalid_range", error));
        }
    }

    private static void Lifecycle(ManifestLifecycle? lifecycle, ICollection<Finding> findings)
    {
        if (lifecycle is null)
        {
            return;
        }

        Text(lifecycle.Message, "/lifecycle/message", ManifestLimits.ShortText, findings);
        if (lifecycle.ReplacedBy is { } code)
        {
            Code(code, "/lifecycle/replaced_by", findings);
        }

        if (lifecycle.State is LifecycleState.Active && (lifecycle.Message ?? lifecycle.ReplacedBy) is not null)
        {
            findings.Add(new("/lifecycle", "not_allowed", "An active version has no message and no replacement."));
        }
    }

    private static void Code(string? code, string pointer, ICollection<Finding> findings)
    {
        if (CapabilityCode.Normalise(code) is null)
        {
            findings.Add(new(pointer, "invalid_code", "Must be 1 to 128 of a-z, 0-9, '.', '_', '+' and '-', and begin with a letter or digit."));
        }
    }

    private static void Text(string? text, string pointer, int most, ICollection<Finding> findings)
    {
        if (text?.Length > most)
        {
            findings.Add(new(pointer, "too_long", $"Has {text.Length} characters; at most {most} are allowed."));
        }
    }

    private static void Items(IReadOnlyList<string>? items, string pointer, ICollection<Finding> findings)
    {
        if (!Count(items, pointer, ManifestLimits.Items, findings))
        {
            return;
        }

        for (var i = 0; i < items!.Count; i++)
        {
            if (!IsNull(items[i], $"{pointer}/{i}", findings))
            {
                Text(items[i], $"{pointer}/{i}", ManifestLimits.ShortText, findings);
            }
        }
    }

    private static bool Count<T>(IReadOnlyList<T>? items, string pointer, int most, ICollection<Finding> findings)
    {
        if (items?.Count > most)
        {
            findings.Add(new(pointer, "too_many", $"Has {items.Count} items; at most {most} are allowed."));
        }

        return items is not null && items.Count <= most;
    }

    private static void NotNegative(double? number, string pointer, ICollection<Finding> findings)
    {
        if (number is < 0 or > 1e12)
        {
            findings.Add(new(pointer, "number_out_of_range", "Must be from 0 to 10^12."));
        }
    }
}
