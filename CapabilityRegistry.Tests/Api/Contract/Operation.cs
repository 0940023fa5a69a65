using System.Text.Json;

namespace CapabilityRegistry.Tests.Api.Contract;

/// <summary>An operation of the committed OpenAPI document, from which the tests of the contract are made: what is added later is tested without being asked.</summary>
internal sealed record Operation(string Id, HttpMethod Method, string Path, IReadOnlyList<string> Parameters, IReadOnlyList<string> Statuses, string? Example)
{
    private static readonly Lazy<Operation[]> Document = new(Read);

    public static IReadOnlyList<Operation> All => Document.Value;

    /// <summary>Those that write in one transaction: all that can be rehearsed but the import, which keeps what it does line by line.</summary>
    public static IEnumerable<Operation> Writes => All.Where(o => o.Parameters.Contains("dry_run") && o.Id != "ImportCatalogue");

    public static IEnumerable<Operation> TaggedReads => All.Where(o => o.Parameters.Contains("If-None-Match"));

    public bool IsCreating => Statuses.Contains("201");

    public static TheoryData<string> Ids(IEnumerable<Operation> operations) => [.. operations.Select(o => o.Id)];

    public static Operation Of(string id) => All.Single(o => o.Id == id);

    private static Operation[] Read()
    {
        using var document = JsonDocument.Parse(File.ReadAllText(System.IO.Path.Combine(AppContext.BaseDirectory, "Api", "openapi.v1.json")));
        return [.. document.RootElement.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject().Select(method => Of(path.Name, method)))];
    }

    private static Operation Of(string path, JsonProperty method)
    {
        var operation = method.Value;
        string[] parameters = operation.TryGetProperty("parameters", out var all) ? [.. all.EnumerateArray().Select(p => p.GetProperty("name").GetString()!)] : [];

        // A stream of lines is no JSON document, and has no example that could be sent as one.
        var example = operation.TryGetProperty("requestBody", out var body) && body.GetProperty("content").TryGetProperty("application/json", out _)
            ? body.GetProperty("content").EnumerateObject().Select(m => m.Value.TryGetProperty("example", out var e) ? e.GetRawText() : "").First()
            : null;
        return new(operation.GetProperty("operationId").GetString()!, new(method.Name.ToUpperInvariant()), path, parameters, [.. operation.GetProperty("responses").EnumerateObject().Select(r => r.Name)], example);
    }
}
