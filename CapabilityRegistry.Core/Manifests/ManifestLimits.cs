namespace CapabilityRegistry.Core.Manifests;

/// <summary>The bounds of one manifest. The largest real ones measured: 976 dependencies, 1,603 provided services, 19 alternatives, 62 keywords (Debian bookworm).</summary>
public static class ManifestLimits
{
    /// <summary>The most bytes of UTF-8 that a manifest may have.</summary>
    public const int Bytes = 1024 * 1024;

    /// <summary>The most dependencies.</summary>
    public const int Dependencies = 2_000;

    /// <summary>The most alternatives of one dependency.</summary>
    public const int Alternatives = 64;

    /// <summary>The most provided services.</summary>
    public const int ProvidedServices = 4_000;

    /// <summary>The most items of any other list.</summary>
    public const int Items = 500;

    /// <summary>The most characters of a name, a path, an address or an item of a list.</summary>
    public const int ShortText = 512;

    /// <summary>The most characters of a description or of release notes.</summary>
    public const int LongText = 20_000;
}
