using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using CapabilityRegistry.Core.Manifests;
using Microsoft.AspNetCore.DataProtection;

namespace CapabilityRegistry.Api.Http;

/// <summary>Where a list goes on: its filter and order, and the last row that was shown.</summary>
/// <param name="Operation">The list.</param>
/// <param name="TenantId">Whose list.</param>
/// <param name="Page">The number of the page that follows.</param>
/// <param name="PerPage">The size of its pages.</param>
/// <param name="Query">The filter and order, as a query.</param>
/// <param name="Keys">The keys of the last row (<see cref="Keyset{TRow}"/>).</param>
internal sealed record Cursor(string Operation, string TenantId, int Page, int PerPage, JsonElement Query, IReadOnlyList<JsonElement> Keys);

/// <summary>Writes cursors that nobody else can read or make.</summary>
internal sealed class Cursors(IDataProtectionProvider protection)
{
    private readonly IDataProtector _protector = protection.CreateProtector("registry.cursors");

    public string Write(Cursor cursor) => Base64Url.EncodeToString(_protector.Protect(JsonSerializer.SerializeToUtf8Bytes(cursor, RegistryJson.Options)));

    /// <summary>Reads a cursor of one list of one tenant; null when it is of another, altered, or none at all.</summary>
    public Cursor? Read(string text, string operation, string tenantId)
    {
        try
        {
            var cursor = JsonSerializer.Deserialize<Cursor>(_protector.Unprotect(Base64Url.DecodeFromChars(text)), RegistryJson.Options);
            return cursor?.Operation == operation && cursor.TenantId == tenantId ? cursor : null;
        }
        catch (Exception exception) when (exception is CryptographicException { InnerException: null } or FormatException or JsonException)
        {
            return null;
        }
    }
}
