using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace CapabilityRegistry.Data.Audit;

/// <summary>The canonical bytes of a record, hashed as they are written: its kind with a version, then its fields in order, each as UTF-8 behind its length.</summary>
/// <remarks>Because of the lengths no two records have the same bytes, whatever is in their fields. A field without a value has the length 0xFFFFFFFF and no bytes. docs/audit.md has the fields.</remarks>
internal sealed class CanonicalForm : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>Begins a record.</summary>
    /// <param name="kind">What the record is, and in which version of its form.</param>
    /// <param name="before">Bytes that stand in front of it.</param>
    public CanonicalForm(string kind, ReadOnlySpan<byte> before = default)
    {
        _hash.AppendData(before);
        Add(kind);
    }

    public CanonicalForm Add(string? text)
    {
        Span<byte> length = stackalloc byte[sizeof(uint)];
        var utf8 = text is null ? [] : Encoding.UTF8.GetBytes(text);
        BinaryPrimitives.WriteUInt32BigEndian(length, text is null ? uint.MaxValue : (uint)utf8.Length);
        _hash.AppendData(length);
        _hash.AppendData(utf8);
        return this;
    }

    public CanonicalForm Add(long? number) => Add(number?.ToString(CultureInfo.InvariantCulture));

    public CanonicalForm Add(Guid? id) => Add(id?.ToString("D"));

    /// <summary>Whole microseconds since 1970, as PostgreSQL keeps times.</summary>
    public CanonicalForm Add(DateTimeOffset time) => Add((time.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks) / TimeSpan.TicksPerMicrosecond);

    /// <summary>In lower hexadecimal digits.</summary>
    public CanonicalForm Add(byte[]? digest) => Add(digest is null ? null : Convert.ToHexStringLower(digest));

    public byte[] Hash() => _hash.GetHashAndReset();

    public void Dispose() => _hash.Dispose();
}
