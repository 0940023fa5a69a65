using System.Buffers;

namespace CapabilityRegistry.Cli.Importing;

/// <summary>Consecutive lines that go out in one request.</summary>
internal sealed class ImportChunk
{
    private const int MostLines = 1_000;

    /// <summary>As much as Kestrel takes in without being read from. The client of HTTP/1.1 reads nothing of the answer before the request is out, so with more than
    /// that a registry that waits for its answer to be read would wait for ever. A single line may be longer: there is no answer before it has been read.</summary>
    private const int MostBytes = 1024 * 1024;

    private readonly ArrayBufferWriter<byte> _bytes = new(MostBytes);
    private readonly List<(long Number, int Start)> _lines = new(MostLines);

    public int Count => _lines.Count;

    /// <summary>Adds a line, unless the chunk is full.</summary>
    public bool TryAdd(long number, ReadOnlySpan<byte> line)
    {
        if (Count == MostLines || (Count > 0 && _bytes.WrittenCount + line.Length + 1 > MostBytes))
        {
            return false;
        }

        _lines.Add((number, _bytes.WrittenCount));
        _bytes.Write(line);
        _bytes.Write("\n"u8);
        return true;
    }

    /// <summary>The number in the file of a line of the chunk, counted from 0.</summary>
    public long NumberOf(int index) => _lines[index].Number;

    /// <summary>The lines from one on.</summary>
    public ReadOnlyMemory<byte> From(int index) => _bytes.WrittenMemory[_lines[index].Start..];

    public void Clear()
    {
        _bytes.ResetWrittenCount();
        _lines.Clear();
    }
}
