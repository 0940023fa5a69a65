namespace CapabilityRegistry.Tests.Testing;

/// <summary>The real catalogues: in the folder of <c>REGISTRY_CATALOGUES</c>, or in <c>shared/data</c> beside the checkout.</summary>
internal static class Catalogues
{
    public const string Missing = "The real catalogues are not here; set REGISTRY_CATALOGUES to the folder that holds them.";

    public static string? Find(string file)
    {
        if (Environment.GetEnvironmentVariable("REGISTRY_CATALOGUES") is { Length: > 0 } folder)
        {
            return File.Exists(Path.Combine(folder, file)) ? Path.Combine(folder, file) : null;
        }

        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            var candidate = Path.Combine(at.FullName, "shared", "data", file);
            if (File.Exists(candidate))
            {
                return candidate;
            }
        }

        return null;
    }
}
