namespace CapabilityRegistry.Standalone.Postgres;

/// <summary>
/// The user that everything of the server runs as. PostgreSQL refuses root, so root lends the work to somebody without rights; any other user is that
/// somebody already. As root, nothing below the cluster's folder is written by this process itself: that folder belongs to the other user, who could
/// have put a link there.
/// </summary>
internal sealed class UnprivilegedUser
{
    private static readonly string[] Names = ["postgres", "nobody"];
    private static readonly string[] SystemFolders = ["/usr/bin", "/usr/sbin", "/bin", "/sbin"];

    private readonly ChildProcess _programs;
    private readonly string[] _lender;

    private UnprivilegedUser(ChildProcess programs, string name, string[] lender)
    {
        _programs = programs;
        _lender = lender;
        Name = name;
    }

    public string Name { get; }

    /// <summary>True when this process is root and the server runs as somebody else.</summary>
    public bool IsLent => _lender.Length > 0;

    public static async Task<UnprivilegedUser> FindAsync(ChildProcess programs, CancellationToken cancellationToken)
    {
        if (!Environment.IsPrivilegedProcess)
        {
            return new UnprivilegedUser(programs, Environment.UserName, []);
        }

        foreach (var name in Names)
        {
            if (await programs.RunAsync(new ChildCommand("id", "-g", name), cancellationToken) is { Succeeded: true } group)
            {
                return new UnprivilegedUser(programs, name, Lender(name, group.Output));
            }
        }

        throw new EmbeddedPostgresException($"PostgreSQL does not run as root, and this system has none of the users {string.Join(", ", Names)}. Start this as an ordinary user.");
    }

    public Task<ChildResult> RunAsync(ChildCommand command, CancellationToken cancellationToken) =>
        _programs.RunAsync(
            _lender is [var program, .. var options] ? command with { FileName = program, Arguments = [.. options, command.FileName, .. command.Arguments] } : command,
            cancellationToken);

    /// <summary>Hands a file, or a folder with all it holds, to this user. Links are handed over, not followed.</summary>
    public async Task OwnAsync(string path, CancellationToken cancellationToken)
    {
        if (IsLent)
        {
            var result = await _programs.RunAsync(new ChildCommand("chown", "-R", "-h", "-P", Name + ":", path), cancellationToken);
            result.Require($"Giving {path} to the user {Name}");
        }
    }

    /// <summary>Checks that this user may enter the folder and every one above it.</summary>
    /// <exception cref="EmbeddedPostgresException">The user cannot reach the folder; the message names the outermost one that blocks.</exception>
    public async Task RequireReachableAsync(string folder, string what, CancellationToken cancellationToken)
    {
        if (!IsLent || await MayEnterAsync(folder, cancellationToken))
        {
            return;
        }

        (await RunAsync(new ChildCommand("test", "-x", "/"), cancellationToken)).Require($"Running a program as the user {Name}");
        var blocking = folder;
        for (var above = Path.GetDirectoryName(folder); above is not null && !await MayEnterAsync(above, cancellationToken); above = Path.GetDirectoryName(above))
        {
            blocking = above;
        }

        throw new EmbeddedPostgresException(
            $"{what} is {folder}. PostgreSQL does not run as root but as the user {Name}, who may not enter {blocking}. "
            + $"Allow it (chmod o+x '{blocking}'), choose a folder elsewhere, or start this as the owner of that folder instead of root.");
    }

    private async Task<bool> MayEnterAsync(string folder, CancellationToken cancellationToken) =>
        (await RunAsync(new ChildCommand("test", "-x", folder), cancellationToken)).Succeeded;

    private static string[] Lender(string name, string group) =>
        FindProgram("setpriv") is { } setpriv ? [setpriv, "--reuid", name, "--regid", group, "--init-groups", "--"]
        : FindProgram("runuser") is { } runuser ? [runuser, "-u", name, "--"]
        : throw new EmbeddedPostgresException(
            "PostgreSQL does not run as root, and neither setpriv nor runuser is here to run it as another user. Install util-linux, or start this as an ordinary user.");

    // BusyBox has a setpriv of its own that cannot change the user.
    private static string? FindProgram(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Concat(SystemFolders)
            .Select(folder => Path.Combine(folder, name))
            .FirstOrDefault(path => File.Exists(path) && !Path.GetFileName(RealPath.Of(path)).Contains("busybox", StringComparison.Ordinal));
}
