namespace CapabilityRegistry.Cli.Importing;

/// <summary>Takes a source apart into chunks and sends one after the other: dependencies that are declared first are there first.</summary>
internal sealed class Importer(ChunkSender sender, ImportTally tally, ImportProgress progress)
{
    public async Task RunAsync(ImportSource source, CancellationToken cancellationToken)
    {
        var lines = new NdjsonReader(source.Plain);
        var chunk = new ImportChunk();
        var more = await lines.ReadAsync(cancellationToken);
        while (more)
        {
            chunk.Clear();
            var before = source.Progress;
            while (more && TryAdd(chunk, lines))
            {
                more = await lines.ReadAsync(cancellationToken);
            }

            await SendAsync(chunk, before, source.Progress, cancellationToken);
        }
    }

    private bool TryAdd(ImportChunk chunk, NdjsonReader lines)
    {
        if (!lines.IsTooLong)
        {
            return chunk.TryAdd(lines.Number, lines.Line.Span);
        }

        tally.CountTooLong(lines.Number);
        return true;
    }

    /// <summary>Sends a chunk. The progress of reading, which is ahead, is spread over the answers.</summary>
    private Task SendAsync(ImportChunk chunk, double? before, double? after, CancellationToken cancellationToken) =>
        sender.SendAsync(
            chunk,
            (index, outcome) =>
            {
                tally.Count(chunk.NumberOf(index), outcome);
                progress.Advance(before + ((after - before) * (index + 1) / chunk.Count));
            },
            progress.Wait,
            cancellationToken);
}
