namespace CapabilityRegistry.Cli.Importing;

/// <summary>Reads lines from a stream in bounded memory. Blank lines are counted and passed over.</summary>
internal sealed class NdjsonReader(Stream stream)
{
    /// <summary>The longest line that is kept. The registry takes half of that, and says so itself for what lies between.</summary>
    public const int MostBytes = 2 * 1024 * 1024;

    private byte[] _buffer = new byte[64 * 1024];
    private int _start;
    private int _end;

    /// <summary>The number of the line, from 1.</summary>
    public long Number { get; private set; }

    /// <summary>The line without its end; valid until the next is read. Empty when it was too long.</summary>
    public ReadOnlyMemory<byte> Line { get; private set; }

    public bool IsTooLong { get; private set; }

    private ReadOnlySpan<byte> Unread => _buffer.AsSpan(_start, _end - _start);

    /// <summary>Goes to the next line that is not blank.</summary>
    /// <returns>False at the end.</returns>
    public async ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        do
        {
            if (!await ReadAnyAsync(cancellationToken))
            {
                return false;
            }
        }
        while (!IsTooLong && Line.Span.Trim(" \t\r"u8).IsEmpty);

        return true;
    }

    private async ValueTask<bool> ReadAnyAsync(CancellationToken cancellationToken)
    {
        IsTooLong = false;
        var searched = 0;
        while (true)
        {
            var end = Unread[searched..].IndexOf((byte)'\n');
            if (end >= 0)
            {
                Take(searched + end);
                _start++;
                return true;
            }

            searched = KeepOrForget();
            MakeRoom();
            var read = await stream.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
            _end += read;
            if (read == 0)
            {
                return TakeLast(searched);
            }
        }
    }

    private bool TakeLast(int length)
    {
        var isLine = length > 0 || IsTooLong;
        if (isLine)
        {
            Take(length);
        }

        return isLine;
    }

    private void Take(int length)
    {
        IsTooLong |= length > MostBytes;
        Line = IsTooLong ? default : _buffer.AsMemory(_start, length);
        _start += length;
        Number++;
        if (Number == 1 && Line.Span.StartsWith("\uFEFF"u8))
        {
            Line = Line["\uFEFF"u8.Length..];
        }
    }

    /// <summary>Drops the beginning of a line that is too long, so that the buffer does not grow with it.</summary>
    private int KeepOrForget()
    {
        if (Unread.Length > MostBytes)
        {
            IsTooLong = true;
            (_start, _end) = (0, 0);
        }

        return Unread.Length;
    }

    private void MakeRoom()
    {
        if (_start > 0)
        {
            Unread.CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }
        else if (_end == _buffer.Length)
        {
            Array.Resize(ref _buffer, _buffer.Length * 2);
        }
    }
}
