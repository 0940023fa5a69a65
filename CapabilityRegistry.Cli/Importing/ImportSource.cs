using System.Buffers;
using System.IO.Compression;
using System.IO.Pipelines;

namespace CapabilityRegistry.Cli.Importing;

/// <summary>The bytes to import, decompressed when they are gzip, whatever their name.</summary>
internal sealed class ImportSource : IAsyncDisposable
{
    private readonly Stream _raw;

    private ImportSource(Stream raw, Stream plain)
    {
        _raw = raw;
        Plain = plain;
    }

    public Stream Plain { get; }

    /// <summary>How much has been read, from 0 to 1; null when nobody knows how much there is.</summary>
    public double? Progress => _raw.CanSeek ? (_raw.Length == 0 ? 1 : (double)_raw.Position / _raw.Length) : null;

    public static async Task<ImportSource> OpenAsync(string file, Surroundings surroundings, CancellationToken cancellationToken)
    {
        var raw = file == "-"
            ? surroundings.OpenInput()
            : new FileStream(file, new FileStreamOptions { Options = FileOptions.Asynchronous | FileOptions.SequentialScan });
        var pipe = PipeReader.Create(raw, new(bufferSize: 64 * 1024));
        var beginning = await pipe.ReadAtLeastAsync(2, cancellationToken);
        var isGzip = IsGzip(beginning.Buffer);
        pipe.AdvanceTo(beginning.Buffer.Start);
        var stream = pipe.AsStream();
        return new(raw, isGzip ? new GZipStream(stream, CompressionMode.Decompress) : stream);
    }

    public ValueTask DisposeAsync() => Plain.DisposeAsync();

    private static bool IsGzip(ReadOnlySequence<byte> beginning)
    {
        Span<byte> magic = stackalloc byte[2];
        if (beginning.Length < magic.Length)
        {
            return false;
        }

        beginning.Slice(0, magic.Length).CopyTo(magic);
        return magic is [0x1f, 0x8b];
    }
}
