using System.Buffers;
using System.CommandLine;
using System.IO.Compression;

namespace CapabilityRegistry.Cli.Capabilities;

/// <summary><c>export</c></summary>
internal static class ExportCommand
{
    public static Command Create(GlobalOptions global)
    {
        var output = new Option<FileInfo?>("--output", "-o")
        {
            Description = "File to write; gzip if its name ends in .gz; standard output when not given",
            HelpName = "FILE",
        };
        var command = new Command("export", "Write every version as a manifest, one a line (NDJSON), as import reads them.") { output };
        global.SetAction(command, (parsed, session, cancellationToken) => RunAsync(session, parsed.GetValue(output), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(Session session, FileInfo? output, CancellationToken cancellationToken)
    {
        using var response = await session.Client.OpenAsync("api/capabilities/export", cancellationToken);
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        if (output is null)
        {
            await using var stdout = session.Surroundings.OpenOutput();
            await CopyAsync(body, stdout, cancellationToken);
            return ExitCodes.Ok;
        }

        var lines = await WriteFileAsync(body, output.FullName, cancellationToken);
        if (!session.Json)
        {
            session.Notices.Say($"{lines:N0} versions written to {output}");
        }

        return ExitCodes.Ok;
    }

    /// <summary>Writes beside the file and puts it in place when it is whole: half an export looks like a whole one.</summary>
    private static async Task<long> WriteFileAsync(Stream body, string path, CancellationToken cancellationToken)
    {
        var unfinished = $"{path}.part";
        try
        {
            long lines;
            await using (var file = new FileStream(unfinished, FileMode.Create, FileAccess.Write, FileShare.None, 64 * 1024, FileOptions.Asynchronous))
            await using (var content = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new GZipStream(file, CompressionLevel.Optimal) : (Stream)file)
            {
                lines = await CopyAsync(body, content, cancellationToken);
            }

            File.Move(unfinished, path, overwrite: true);
            return lines;
        }
        catch
        {
            File.Delete(unfinished);
            throw;
        }
    }

    /// <summary>Copies and counts the lines.</summary>
    private static async Task<long> CopyAsync(Stream from, Stream to, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(64 * 1024);
        try
        {
            var lines = 0L;
            while (await from.ReadAsync(buffer, cancellationToken) is > 0 and var read)
            {
                lines += buffer.AsSpan(0, read).Count((byte)'\n');
                await to.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            }

            return lines;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
