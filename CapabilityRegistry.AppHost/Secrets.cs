namespace CapabilityRegistry.AppHost;

/// <summary>Secrets that nobody has to think up: generated at the first run and kept in the AppHost's user secrets, because the data that they open is kept as well.</summary>
internal static class Secrets
{
    /// <summary>So many letters and digits carry the 256 bits that a signing key wants (RFC 7518, section 3.2).</summary>
    private const int Length = 43;

    /// <summary>Adds a secret parameter.</summary>
    /// <param name="builder">The app model.</param>
    /// <param name="name">The parameter's name; <c>Parameters:{name}</c> sets it.</param>
    /// <param name="description">What it opens, as Markdown.</param>
    public static IResourceBuilder<ParameterResource> AddSecret(this IDistributedApplicationBuilder builder, string name, string description) =>
        // Letters and digits mean themselves in connection strings and URLs.
        builder.AddParameter(name, new GenerateParameterDefault { MinLength = Length, Special = false }, secret: true, persist: true)
            .WithDescription(description, enableMarkdown: true);
}
