using System.CommandLine;

namespace CapabilityRegistry.Benchmarks;

/// <summary>The option that names the folder of the real catalogues.</summary>
internal static class CatalogueFolder
{
    public static Option<DirectoryInfo> Option() => new("--data")
    {
        Description = "The folder that holds debian-bookworm.ndjson.gz, opam.ndjson.gz and their ground truth. By default shared/data beside the checkout.",
        DefaultValueFactory = _ => Beside(),
    };

    private static DirectoryInfo Beside()
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            var candidate = new DirectoryInfo(Path.Combine(at.FullName, "shared", "data"));
            if (candidate.Exists)
            {
                return candidate;
            }
        }

        return new("data");
    }
}
