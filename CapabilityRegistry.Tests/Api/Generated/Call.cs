using System.Text.Json.Nodes;
using CapabilityRegistry.Tests.Testing;

namespace CapabilityRegistry.Tests.Api.Generated;

/// <summary>A request to an operation, made of the document's example with the names of one tenant in it.</summary>
internal sealed class Call
{
    private readonly Dictionary<string, string> _path = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _query = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _headers = new(StringComparer.Ordinal);
    private JsonNode? _body;

    private Call(ApiOperation operation, ApiBody? media) => (Operation, Media) = (operation, media);

    private ApiOperation Operation { get; }

    private ApiBody? Media { get; }

    /// <summary>A request with the names of a tenant.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="mediaType">The body's media type; null for the first.</param>
    /// <param name="slots">The places that name something.</param>
    /// <param name="names">The tenant.</param>
    public static Call Of(ApiOperation operation, string? mediaType, IEnumerable<Slot> slots, TenantData names)
    {
        var media = operation.Bodies.FirstOrDefault(b => mediaType is null || b.MediaType == mediaType);
        var call = new Call(operation, media)
        {
            _body = media is null ? null : media.Example is { } example ? JsonNode.Parse(example.GetRawText()) : media.Schema.Least("", name => Named(operation, name, names)),
        };
        foreach (var slot in slots.Where(s => s.In == "path" || (s.In == "body" && s.MediaType == media?.MediaType && call.Has(s.Name))))
        {
            call.Set(slot, names.Own(slot.Meaning), names);
        }

        return call;
    }

    /// <summary>The same request with another value in one place.</summary>
    public Call With(Slot slot, string value, TenantData names)
    {
        var call = Copy();
        call.Set(slot, value, names);
        return call;
    }

    /// <summary>The same request with a parameter of the query.</summary>
    public Call WithQuery(string name, string value)
    {
        var call = Copy();
        call._query[name] = value;
        return call;
    }

    /// <summary>A reading of what the request is about: the nearest address above it that can be read.</summary>
    public string ReadablePath(ApiDocument document)
    {
        var path = Operation.Path;
        while (!document.Operations.Any(o => o.Method == "GET" && o.Path == path) && path.LastIndexOf('/') > 0)
        {
            path = path[..path.LastIndexOf('/')];
        }

        return Filled(path);
    }

    public Task<Answer> SendAsync(RegistryApp app, string? tenant) =>
        app.SendAsync(new(Operation.Method), Target, Text, MediaType ?? "application/json", Operation.IsOpen ? null : tenant, [.. _headers.Select(h => (h.Key, h.Value))]);

    /// <summary>The address with the query, ready for a request line.</summary>
    public string Target => Filled(Operation.Path) + (_query.Count == 0 ? "" : "?" + string.Join('&', _query.Select(q => $"{q.Key}={Uri.EscapeDataString(q.Value)}")));

    public string? MediaType => Media?.MediaType;

    public ApiSchema? Schema => Media?.Schema;

    public JsonNode? Body => _body?.DeepClone();

    /// <summary>The body as it is sent.</summary>
    public string? Text => Media?.MediaType != "application/x-www-form-urlencoded" ? _body?.ToJsonString()
        : string.Join('&', _body!.AsObject().Select(m => $"{m.Key}={Uri.EscapeDataString(m.Value!.GetValue<string>())}").Prepend("grant_type=client_credentials"));

    public override string ToString() => $"{Operation.Method} {Target} {string.Join(' ', _headers)} {Text}";

    private static string Named(ApiOperation operation, string name, TenantData names) =>
        Meanings.Of(operation, $"/{name}", name) is { } meaning and not Meaning.Plain ? names.Own(meaning) : "text";

    private string Filled(string path) => _path.Aggregate(path, (p, v) => p.Replace($"{{{v.Key}}}", Uri.EscapeDataString(v.Value), StringComparison.Ordinal));

    private Call Copy()
    {
        var copy = new Call(Operation, Media) { _body = _body?.DeepClone() };
        foreach (var (from, to) in new[] { (_path, copy._path), (_query, copy._query), (_headers, copy._headers) })
        {
            foreach (var (name, value) in from)
            {
                to.Add(name, value);
            }
        }

        return copy;
    }

    private bool Has(string pointer) => pointer.Split('/').Skip(1).Aggregate(_body, (at, step) => at is JsonArray array ? array.ElementAtOrDefault(0) : (at as JsonObject)?[step]) is not null;

    private void Set(Slot slot, string value, TenantData names)
    {
        if (slot.In != "body")
        {
            (slot.In == "path" ? _path : slot.In == "query" ? _query : _headers)[slot.Name] = value;
            return;
        }

        SetMember(slot.Name.Split('/')[1..], value, name => Named(slot.Operation, name, names));
        if (Meanings.Along.TryGetValue(slot.Name, out var other))
        {
            SetMember(other.Pointer.Split('/')[1..], other.Value, name => Named(slot.Operation, name, names));
        }
    }

    /// <summary>Goes down to a member, making on the way what is not there.</summary>
    private void SetMember(string[] steps, string? value, Func<string, string> text)
    {
        var (at, schema) = (_body!, Media!.Schema);
        foreach (var (i, step) in steps.Index())
        {
            var isLast = i == steps.Length - 1;
            var next = schema.Types.Contains("array") ? schema.Items! : schema.Property(step);
            if (at is JsonArray array)
            {
                Put(array, isLast ? value : array.Count > 0 ? null : next!.Least(steps[i - 1], text));
                at = array[0]!;
            }
            else
            {
                var members = at.AsObject();
                members[step] = isLast ? value : members[step]?.DeepClone() ?? next!.Least(step, text);
                at = members[step]!;
            }

            schema = next ?? schema;
        }
    }

    private static void Put(JsonArray array, JsonNode? first)
    {
        if (first is not null)
        {
            array.Clear();
            array.Add(first);
        }
    }
}
