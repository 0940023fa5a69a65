using System.Buffers;
using System.IO.Pipelines;

namespace CapabilityRegistry.Api.Http;

/// <summary>A line that is not blank. A line that is too long has no bytes, only their number.</summary>
internal readonly record struct NdjsonLine(int Number, ReadOnlyMemory<byte> Utf8, long Length)
{
    public bool IsTooLong => Length > Utf8.Length;
}

/// <summary>Reads lines from a stream in bounded memory: what is longer than a line may be is counted and dropped, never held.</summary>
internal sealed class NdjsonReader(Stream stream, int maxLineBytes)
{
    private readonly PipeReader _pipe = PipeReader.Create(stream, new(bufferSize: 64 * 1024));
    private int _number;
    private long _dropped;
    private bool _ended;

    /// <summary>The next line that is not blank, or null at the end. Lines are numbered from 1, blank ones counted.</summary>
    public async ValueTask<NdjsonLine?> ReadAsync(CancellationToken cancellationToken)
    {
        while (!_ended)
        {
            var result = await _pipe.ReadAsync(cancellationToken);
            var buffer = result.Buffer;
            if (buffer.PositionOf((byte)'\n') is { } end)
            {
                var line = Take(buffer.Slice(0, end));
                _pipe.AdvanceTo(buffer.GetPosition(1, end));
                if (line is not null)
                {
                    return line;
                }
            }
            else if (result.IsCompleted)
            {
                _ended = true;
                var line = buffer.Length + _dropped == 0 ? null : Take(buffer);
                _pipe.AdvanceTo(buffer.End);
                await _pipe.CompleteAsync();
                return line;
            }
            else if (buffer.Length > maxLineBytes || _dropped > 0)
            {
                _dropped += buffer.Length;
                _pipe.AdvanceTo(buffer.End);
            }
            else
            {
                _pipe.AdvanceTo(buffer.Start, buffer.End);
            }
        }

        return null;
    }

    private NdjsonLine? Take(ReadOnlySequence<byte> bytes)
    {
        _number++;
        var length = bytes.Length + _dropped;
        _dropped = 0;
        if (length > maxLineBytes)
        {
            return new(_number, default, length);
        }

        var line = bytes.ToArray();
        return line.AsSpan().TrimEnd("\r \t"u8).IsEmpty ? null : new(_number, line, length);
    }
}
