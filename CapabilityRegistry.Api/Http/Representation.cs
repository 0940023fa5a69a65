using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CapabilityRegistry.Core.Manifests;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Net.Http.Headers;

namespace CapabilityRegistry.Api.Http;

/// <summary>A JSON answer that is ready to be sent, with its strong entity tag (RFC 9110, section 8.8.3).</summary>
internal class Representation(int status, byte[] json, string? location = null, IPage? list = null) : IResult, IStatusCodeHttpResult
{
    public const string MediaType = "application/json; charset=utf-8";

    public int Status { get; } = status;

    public ReadOnlyMemory<byte> Json { get; } = json;

    public string? Location { get; } = location;

    /// <summary>Whether it is a list, which envelopes leave as it is.</summary>
    public bool IsList { get; } = list is not null;

    /// <summary>Strong, but for a page that leads on: its cursor is never twice the same, and of the same rows all the same.</summary>
    public EntityTagHeaderValue Tag { get; } = list?.NextCursor is { } cursor ? EntityTag.Without(cursor, json) : EntityTag.Of(json);

    int? IStatusCodeHttpResult.StatusCode => Status;

    /// <summary>SHA-256 of a representation as it is sent: what the audit keeps.</summary>
    public static byte[] HashOf(object value) => SHA256.HashData(Serialize(value));

    public static byte[] Serialize(object value) => JsonSerializer.SerializeToUtf8Bytes(value, value.GetType(), RegistryJson.Options);

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        AddHeaders(response.Headers);
        if (Json.Length == 0)
        {
            response.StatusCode = Status;
            return;
        }

        response.Headers.ETag = Tag.ToString();
        if (httpContext.Request.IsRead() && Preconditions.IsNotModified(httpContext.Request, Tag))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        response.StatusCode = Status;
        response.ContentType = MediaType;
        response.ContentLength = Json.Length;
        await response.BodyWriter.WriteAsync(Json, httpContext.RequestAborted);
    }

    /// <summary>The headers that it has in whatever form it is sent.</summary>
    public virtual void AddHeaders(IHeaderDictionary headers)
    {
        if (Location is not null)
        {
            headers.Location = Location;
        }
    }
}

/// <summary>A <see cref="Representation"/> that the OpenAPI document describes.</summary>
internal sealed class Representation<T>(int status, byte[] json) : Representation(status, json), IEndpointMetadataProvider
{
    public static Representation<T> Of(T value) => new(StatusCodes.Status200OK, Serialize(value!));

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(T), ["application/json"]));
}

/// <summary>Strong entity tags: a digest of the bytes of the representation.</summary>
/// <remarks>In an alphabet without the hyphen that stands before a coding (<see cref="ContentCodingTags"/>): one in 260,000 would end like a compressed form's, and match nothing.</remarks>
internal static class EntityTag
{
    private const int Bytes = 18;

    public static EntityTagHeaderValue Of(ReadOnlySpan<byte> json) => new($"\"{Convert.ToBase64String(SHA256.HashData(json).AsSpan(0, Bytes))}\"");

    /// <summary>A weak tag, of everything but a part that differs every time.</summary>
    public static EntityTagHeaderValue Without(string part, ReadOnlySpan<byte> json)
    {
        var (bytes, at) = (Encoding.UTF8.GetBytes(part), json.IndexOf(Encoding.UTF8.GetBytes(part)));
        byte[] rest = [.. json[..at], .. json[(at + bytes.Length)..]];
        return new(Of(rest.AsSpan()).Tag, isWeak: true);
    }

    public static EntityTagHeaderValue Of(object representation) => Of(Representation.Serialize(representation).AsSpan());
}

/// <summary>Conditional requests (RFC 9110, section 13). Tags of compressed forms stand for their plain ones (<see cref="ContentCodingTags"/>).</summary>
internal static class Preconditions
{
    /// <summary>If-None-Match: weak comparison.</summary>
    public static bool IsNotModified(HttpRequest request, EntityTagHeaderValue tag) =>
        request.Headers.IfNoneMatch.Count > 0 && request.GetTypedHeaders().IfNoneMatch.Any(t => Equals(t, EntityTagHeaderValue.Any) || t.Compare(tag, useStrongComparison: false));

    /// <summary>If-Match: strong comparison.</summary>
    public static bool IfMatch(HttpRequest request, EntityTagHeaderValue tag) =>
        IfMatch(request.GetTypedHeaders().IfMatch, tag);

    /// <summary>The same of a condition that came elsewhere than in the header.</summary>
    public static bool IfMatch(string condition, EntityTagHeaderValue tag) =>
        EntityTagHeaderValue.TryParseList(ContentCodingTags.WithoutCoding(condition), out var tags) && IfMatch(tags, tag);

    private static bool IfMatch(IList<EntityTagHeaderValue> tags, EntityTagHeaderValue tag) => tags.Any(t => Equals(t, EntityTagHeaderValue.Any) || t.Compare(tag, useStrongComparison: true));
}
