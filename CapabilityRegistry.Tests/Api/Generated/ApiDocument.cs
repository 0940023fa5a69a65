using System.Text.Json;
using CapabilityRegistry.Tests.Testing;

namespace CapabilityRegistry.Tests.Api.Generated;

/// <summary>The OpenAPI document that the running application serves. Tests made from it cover an operation from the day it is there.</summary>
internal sealed class ApiDocument
{
    private static readonly string[] Methods = ["get", "put", "post", "delete", "patch", "head", "options"];

    private ApiDocument(JsonElement root) => Operations =
    [
        .. root.GetProperty("paths").EnumerateObject().SelectMany(
            path => path.Value.EnumerateObject().Where(o => Methods.Contains(o.Name)), (path, operation) => ApiOperation.Of(path.Name, operation.Name, operation.Value, root)),
    ];

    public IReadOnlyList<ApiOperation> Operations { get; }

    public static async Task<ApiDocument> ReadAsync(RegistryApp app)
    {
        var answer = await app.GetAsync("/openapi/v1.json");
        Assert.Equal(200, answer.Status);
        var document = new ApiDocument(answer.Json);
        Assert.True(document.Operations.Count >= 38, $"The document describes only {document.Operations.Count} operations.");
        return document;
    }
}

/// <summary>One operation.</summary>
internal sealed record ApiOperation(string Id, string Method, string Path, bool IsOpen, string Description, IReadOnlyList<ApiParameter> Parameters, IReadOnlyList<ApiBody> Bodies)
{
    /// <summary>Whether it changes something: all that do can be rehearsed.</summary>
    public bool Writes => Parameters.Any(p => p is { In: "query", Name: "dry_run" });

    /// <summary>Whether the administrator of a tenant may use it.</summary>
    public bool IsForTenants => IsOpen || Description.Contains("`tenant_admin`", StringComparison.Ordinal);

    public override string ToString() => $"{Id} ({Method} {Path})";

    public static ApiOperation Of(string path, string method, JsonElement operation, JsonElement root) => new(
        operation.GetProperty("operationId").GetString()!,
        method.ToUpperInvariant(),
        path,
        !operation.TryGetProperty("security", out var security) || security.GetArrayLength() == 0,
        operation.TryGetProperty("description", out var description) ? description.GetString()! : "",
        operation.TryGetProperty("parameters", out var parameters)
            ? [.. parameters.EnumerateArray().Select(p => new ApiParameter(p.GetProperty("name").GetString()!, p.GetProperty("in").GetString()!, new(p.GetProperty("schema"), root)))]
            : [],
        operation.TryGetProperty("requestBody", out var body)
            ? [.. body.GetProperty("content").EnumerateObject().Select(c => new ApiBody(c.Name, new(c.Value.GetProperty("schema"), root), c.Value.TryGetProperty("example", out var example) ? example : null))]
            : []);
}

/// <summary>A parameter in the path, the query or a header.</summary>
internal sealed record ApiParameter(string Name, string In, ApiSchema Schema);

/// <summary>A body in one media type.</summary>
internal sealed record ApiBody(string MediaType, ApiSchema Schema, JsonElement? Example);
