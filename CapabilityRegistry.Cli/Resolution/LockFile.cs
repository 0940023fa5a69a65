using System.Text.Encodings.Web;
using System.Text.Json;
using CapabilityRegistry.Cli.Http;

namespace CapabilityRegistry.Cli.Resolution;

/// <summary>A lock in a file: the <c>lock</c> member of a resolution, kept as the registry wrote it.</summary>
internal static class LockFile
{
    private const string Member = "lock";

    /// <summary>Reads the versions of a lock, or of a whole answer that holds one.</summary>
    public static async Task<IReadOnlyList<LockedVersion>> ReadAsync(FileInfo file, CancellationToken cancellationToken)
    {
        try
        {
            await using var stream = file.OpenRead();
            using var document = await JsonDocument.ParseAsync(stream, cancellationToken: cancellationToken);
            var root = document.RootElement;
            var content = root.ValueKind is JsonValueKind.Object && root.TryGetProperty(Member, out var inner) ? inner : root;
            var versions = content.Deserialize(RegistryJson.Default.LockDocument)?.Versions ?? throw new JsonException("It has no versions.");
            return [.. versions.Select(v => new LockedVersion(v.CapabilityCode, v.Version))];
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException($"{file} is no lock: {exception.Message}", exception);
        }
    }

    public static async Task WriteAsync(FileInfo file, ReadOnlyMemory<byte> answer, CancellationToken cancellationToken)
    {
        using var document = JsonDocument.Parse(answer);
        if (!document.RootElement.TryGetProperty(Member, out var content))
        {
            throw new JsonException("The answer has no lock.");
        }

        await using var stream = file.Create();
        await using (var writer = new Utf8JsonWriter(stream, new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            content.WriteTo(writer);
        }

        await stream.WriteAsync("\n"u8.ToArray(), cancellationToken);
    }
}
