namespace CapabilityRegistry.Tests.Api.Generated;

/// <summary>A place in the requests of an operation that names something.</summary>
/// <param name="Operation">The operation.</param>
/// <param name="In">path, query, header or body.</param>
/// <param name="Name">The parameter, or the pointer into the body.</param>
/// <param name="Meaning">What it names.</param>
/// <param name="MediaType">The body's media type.</param>
internal sealed record Slot(ApiOperation Operation, string In, string Name, Meaning Meaning, string? MediaType = null)
{
    private const int Deepest = 8;

    /// <summary>Every place that names something.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="unknown">Gets what this test has to be taught.</param>
    public static IReadOnlyList<Slot> Of(ApiOperation operation, ICollection<string> unknown)
    {
        var found = operation.Parameters.Where(p => p.In == "path" || p.Schema.IsText).Select(p => (p.In, p.Name, Last: p.Name, Media: (string?)null))
            .Concat(operation.Bodies.SelectMany(b => TextsOf(b).Select(t => ("body", t.Pointer, t.Name, (string?)b.MediaType))));
        var slots = new List<Slot>();
        foreach (var (place, name, last, media) in found)
        {
            var meaning = Meanings.Of(operation, name, last);
            if (meaning is null || (place == "path" && meaning is Meaning.Plain))
            {
                unknown.Add($"{operation}: what does '{name}' in the {place} name? Teach it to {nameof(Meanings)}, and if it is something new, a value of it to {nameof(TenantData)}.");
            }
            else if (meaning is not Meaning.Plain)
            {
                slots.Add(new(operation, place, name, meaning.Value, media));
            }
        }

        return slots;
    }

    public override string ToString() => $"{Operation}, {In} {Name}";

    /// <summary>The texts of a body with their pointers. Of a schema that says nothing of its members, those of the example.</summary>
    private static IEnumerable<(string Pointer, string Name)> TextsOf(ApiBody body) => body.Schema.Properties.Any() || body.Example is not { } example
        ? TextsOf(body.Schema, "", "", 0)
        : example.EnumerateObject().Select(m => ($"/{m.Name}", m.Name));

    private static IEnumerable<(string Pointer, string Name)> TextsOf(ApiSchema schema, string pointer, string name, int depth) =>
        depth > Deepest ? []
        : schema.IsText ? [(pointer, name)]
        : schema.Items is { } items ? TextsOf(items, $"{pointer}/0", name, depth + 1)
        : schema.Properties.SelectMany(p => TextsOf(p.Schema, $"{pointer}/{p.Name}", p.Name, depth + 1));
}
