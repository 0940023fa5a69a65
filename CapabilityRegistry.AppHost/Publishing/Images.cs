using System.Globalization;

namespace CapabilityRegistry.AppHost.Publishing;

/// <summary>The unprivileged users of the images, by number: a runtime that demands a user other than root cannot judge a name.</summary>
internal static class Images
{
    /// <summary><c>app</c> of .NET's images.</summary>
    public const long OurUserId = 1654;

    /// <summary><c>postgres</c> and <c>redis</c> of their images.</summary>
    public const long StoreUserId = 999;

    public const string NginxUser = "101:101";
    public const string PrometheusUser = "65534:65534";
    public const string GrafanaUser = "472:0";
    public const string ElasticsearchUser = "1000:0";

    public static readonly string OurUser = Pair(OurUserId);
    public static readonly string StoreUser = Pair(StoreUserId);

    private static string Pair(long id) => string.Create(CultureInfo.InvariantCulture, $"{id}:{id}");
}
