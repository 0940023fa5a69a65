using System.Security.Cryptography;
using System.Text.Json;

namespace CapabilityRegistry.Core.Manifests;

/// <summary>The content hashes of a manifest: SHA-256 over its normal form (members in the order of the type, empty lists left out, free metadata in ordinal order).</summary>
internal static class ManifestHash
{
    public static byte[] OfContent(Manifest manifest) => Hash(WithoutEmptyLists(manifest));

    public static byte[] OfResolution(Manifest manifest) => Hash(new
    {
        manifest.Version,
        Dependencies = NotEmpty(manifest.Dependencies),
        ProvidesServices = NotEmpty(manifest.ProvidesServices),
        ApiEndpoints = NotEmpty(manifest.ApiEndpoints),
        DataModels = NotEmpty(manifest.DataModels),
    });

    private static Manifest WithoutEmptyLists(Manifest manifest) => manifest with
    {
        CompositionKeywords = NotEmpty(manifest.CompositionKeywords),
        ProvidesServices = NotEmpty(manifest.ProvidesServices),
        Dependencies = NotEmpty(manifest.Dependencies),
        ApiEndpoints = NotEmpty(manifest.ApiEndpoints),
        DataModels = NotEmpty(manifest.DataModels),
        TargetUsers = NotEmpty(manifest.TargetUsers),
        UseCases = NotEmpty(manifest.UseCases),
        IndustryFocus = NotEmpty(manifest.IndustryFocus),
        BreakingChanges = NotEmpty(manifest.BreakingChanges),
        Deprecations = NotEmpty(manifest.Deprecations),
        NewFeatures = NotEmpty(manifest.NewFeatures),
        Metadata = manifest.Metadata is { Count: > 0 } metadata
            ? new SortedDictionary<string, JsonElement>(metadata.ToDictionary(), StringComparer.Ordinal)
            : null,
    };

    private static IReadOnlyList<T>? NotEmpty<T>(IReadOnlyList<T>? items) => items is { Count: > 0 } ? items : null;

    private static byte[] Hash<T>(T value) => SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(value, RegistryJson.Options));
}
