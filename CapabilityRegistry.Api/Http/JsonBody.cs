using System.Reflection;
using CapabilityRegistry.Core.Manifests;
using Microsoft.AspNetCore.Http.Metadata;

namespace CapabilityRegistry.Api.Http;

/// <summary>The bounds of a JSON body that is not a stream.</summary>
internal static class JsonBodyLimits
{
    /// <summary>Room for the largest manifest and its envelope.</summary>
    public const long Bytes = ManifestLimits.Bytes + 65_536;

    /// <summary>How much of a body that is too large is read and dropped, so that its sender gets to see the refusal instead of a broken connection.</summary>
    public const long DrainedBytes = 16 * Bytes;
}

/// <summary>A body that has been read.</summary>
internal interface IRequestBody
{
    /// <summary>The body as it came.</summary>
    ReadOnlyMemory<byte> Utf8 { get; }
}

/// <summary>A request's JSON body, bound strictly: everything that does not fit is reported at once, unknown members with the nearest known name.</summary>
/// <remarks>A handler that takes its body in this type cannot forget the check: what does not bind never reaches it.</remarks>
internal sealed class JsonBody<T>(T value, byte[] utf8) : IRequestBody, IEndpointParameterMetadataProvider
    where T : class
{
    public T Value { get; } = value;

    /// <summary>The body as it came.</summary>
    public ReadOnlyMemory<byte> Utf8 { get; } = utf8;

    public static async ValueTask<JsonBody<T>> BindAsync(HttpContext context)
    {
        var utf8 = await JsonBodyReader.ReadAsync(context);
        var findings = new List<Finding>();
        return StrictJson.Read<T>(utf8, findings) is { } value ? new(value, utf8) : throw new ProblemException(Problems.Invalid(findings));
    }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) => builder.Metadata.Add(new AcceptsMetadata(["application/json"], typeof(T)));
}

/// <summary>A manifest in a request's body, read by the same code as a line of an import.</summary>
internal sealed class ManifestBody(Release release, byte[] utf8) : IRequestBody, IEndpointParameterMetadataProvider
{
    public Release Release { get; } = release;

    /// <inheritdoc />
    public ReadOnlyMemory<byte> Utf8 { get; } = utf8;

    public static async ValueTask<ManifestBody> BindAsync(HttpContext context)
    {
        var utf8 = await JsonBodyReader.ReadAsync(context);
        var findings = new List<Finding>();
        return ManifestReader.Read(utf8, findings) is { } release
            ? new(release, utf8)
            : throw new ProblemException(Problems.Invalid(findings));
    }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) => builder.Metadata.Add(new AcceptsMetadata(["application/json"], typeof(Manifest)));
}

/// <summary>Reads a bounded JSON body.</summary>
internal static class JsonBodyReader
{
    public static async Task<byte[]> ReadAsync(HttpContext context)
    {
        if (!context.Request.HasJsonContentType() && context.Request.ContentType?.StartsWith("application/merge-patch+json", StringComparison.OrdinalIgnoreCase) is not true)
        {
            throw new ProblemException(Problems.UnsupportedMediaType("application/json"));
        }

        using var buffer = new MemoryStream();
        var chunk = new byte[16 * 1024];
        var (total, read) = (0L, 0);
        while ((read = await context.Request.Body.ReadAsync(chunk, context.RequestAborted)) > 0)
        {
            total += read;
            if (total <= JsonBodyLimits.Bytes)
            {
                buffer.Write(chunk, 0, read);
            }
        }

        return total <= JsonBodyLimits.Bytes ? buffer.ToArray() : throw new ProblemException(Problems.TooLarge(JsonBodyLimits.Bytes));
    }
}
