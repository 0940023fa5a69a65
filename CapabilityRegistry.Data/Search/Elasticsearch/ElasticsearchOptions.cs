using System.ComponentModel.DataAnnotations;
using System.Net.Http.Headers;
using System.Text;

namespace CapabilityRegistry.Data.Search.Elasticsearch;

/// <summary>The section <c>Elasticsearch</c>. Where the server is, and who may use it, is <c>ConnectionStrings:elasticsearch</c>.</summary>
public sealed class ElasticsearchOptions
{
    /// <summary>The section's name.</summary>
    public const string SectionName = "Elasticsearch";

    /// <summary>The name of the connection string: an absolute URL, with user and password where they are needed.</summary>
    public const string ConnectionName = "elasticsearch";

    /// <summary>What the names of our indexes begin with.</summary>
    [RegularExpression("^[a-z][a-z0-9_]{0,30}$")]
    public string IndexPrefix { get; set; } = "cap";

    /// <summary>An API key, instead of user and password.</summary>
    public string? ApiKey { get; set; }

    /// <summary>How long a search waits before PostgreSQL answers in its stead.</summary>
    [Range(50, 10_000)]
    public int SearchTimeoutMs { get; set; } = 1_000;
}

/// <summary>Where the server is, without who asks: what may be seen in logs.</summary>
/// <param name="Address">The base address.</param>
/// <param name="Authorization">Who asks, for a header.</param>
public sealed record ElasticsearchEndpoint(Uri Address, AuthenticationHeaderValue? Authorization)
{
    /// <summary>What is expected of the connection string.</summary>
    public const string Expected = "ConnectionStrings:elasticsearch: expected an absolute URL, http:// or https://, with user and password percent-encoded where they are needed.";

    /// <summary>Reads the connection string. Null when it is no such URL.</summary>
    public static ElasticsearchEndpoint? Parse(string? text, string? apiKey)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || uri.Host.Length == 0)
        {
            return null;
        }

        var address = new UriBuilder(uri) { UserName = "", Password = "", Path = uri.AbsolutePath.TrimEnd('/') + "/", Query = "", Fragment = "" }.Uri;
        return new(address, apiKey is not null ? new("ApiKey", apiKey) : uri.UserInfo.Length == 0 ? null : new("Basic", Encode(uri.UserInfo)));
    }

    private static string Encode(string userInfo) => Convert.ToBase64String(Encoding.UTF8.GetBytes(string.Join(':', userInfo.Split(':', 2).Select(Uri.UnescapeDataString))));
}

/// <summary>The names of our indexes.</summary>
public sealed class IndexNames(string prefix)
{
    /// <summary>Raised when the mapping changes: part of an index's name.</summary>
    public const int Schema = 1;

    /// <summary>Through which searches read; it is there when the index is complete.</summary>
    public string Read { get; } = $"{prefix}-capabilities";

    /// <summary>Through which changes are written to the index that searches read.</summary>
    public string Write { get; } = $"{prefix}-capabilities-write";

    /// <summary>Through which an index is written that is being built.</summary>
    public string Next { get; } = $"{prefix}-capabilities-next";

    /// <summary>A new index.</summary>
    public string Make(DateTimeOffset now) => $"{Read}-v{Schema}-{now.UtcDateTime:yyyyMMddHHmmssfff}";
}
