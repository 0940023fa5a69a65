namespace CapabilityRegistry.Cli.Logins;

/// <summary>Files that are their owner's alone from their first moment. On Windows the user's folder sees to that by inheritance.</summary>
internal static class PrivateFiles
{
    private const UnixFileMode FileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode FolderMode = FileMode | UnixFileMode.UserExecute;

    /// <summary>The rights of the group and of others.</summary>
    private const UnixFileMode OthersMode = (UnixFileMode)0b000_111_111;

    public static void CreateFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
            return;
        }

        Directory.CreateDirectory(folder, FolderMode);
        if ((File.GetUnixFileMode(folder) & (UnixFileMode.GroupWrite | UnixFileMode.OtherWrite)) != UnixFileMode.None)
        {
            throw new InvalidDataException($"Others can put files into {folder}, so logins are not kept there. Close it to them with:\n  chmod 700 {folder}");
        }
    }

    /// <summary>Opens a file for reading, with the rights that it has while it is open.</summary>
    /// <exception cref="InvalidDataException">Others can read it, and may have.</exception>
    public static FileStream OpenRead(string path)
    {
        var stream = new FileStream(path, new FileStreamOptions { Share = FileShare.Read | FileShare.Delete, Options = FileOptions.Asynchronous });
        if (OperatingSystem.IsWindows() || (File.GetUnixFileMode(stream.SafeFileHandle) & OthersMode) == UnixFileMode.None)
        {
            return stream;
        }

        stream.Dispose();
        throw new InvalidDataException($"Others can read {path}, so its secrets are not used. Close it to them with:\n  chmod 600 {path}");
    }

    /// <summary>Opens a file for this process alone.</summary>
    /// <exception cref="IOException">Another process has it.</exception>
    public static FileStream OpenAlone(string path) => new(path, Options(System.IO.FileMode.OpenOrCreate));

    /// <summary>Where a file is written until it is whole; a process that dies may leave it behind.</summary>
    public static string UnfinishedOf(string path) => $"{path}.new";

    /// <summary>Writes beside the file and puts it in place when it is whole and on the disk. For one writer at a time.</summary>
    public static async Task ReplaceAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        var unfinished = UnfinishedOf(path);
        File.Delete(unfinished);
        await using (var stream = new FileStream(unfinished, Options(System.IO.FileMode.CreateNew)))
        {
            await stream.WriteAsync(content, cancellationToken);
            stream.Flush(flushToDisk: true);
        }

        File.Move(unfinished, path, overwrite: true);
    }

    private static FileStreamOptions Options(FileMode mode)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = FileMode;
        }

        return options;
    }
}
