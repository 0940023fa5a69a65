using System.Text;

namespace CapabilityRegistry.Cli.Logins;

/// <summary>Takes in a secret: from a file, from a pipe, or from someone at the terminal, who does not see it.</summary>
internal static class SecretInput
{
    /// <summary>Longer is no secret but a wrong file.</summary>
    private const int MostCharacters = 64 * 1024;

    public static async Task<string> ReadAsync(Session session, FileInfo? file, string name, CancellationToken cancellationToken)
    {
        if (file is null && session.Surroundings.IsInteractive)
        {
            // Nothing wakes a thread that waits for a key, so it is left behind when the user interrupts.
            return Checked(await Task.Run(() => Ask(session, name), cancellationToken).WaitAsync(cancellationToken), name);
        }

        await using var stream = file?.OpenRead() ?? session.Surroundings.OpenInput();
        using var reader = new StreamReader(stream);
        var buffer = new char[MostCharacters];
        var length = await reader.ReadBlockAsync(buffer, cancellationToken);
        return Checked(new string(buffer, 0, length).TrimEnd('\r', '\n'), name);
    }

    /// <summary>The messages do not repeat what was read.</summary>
    private static string Checked(string secret, string name) => secret switch
    {
        "" => throw new InvalidDataException($"The {name} is empty."),
        { Length: >= MostCharacters - 2 } => throw new InvalidDataException($"The {name} is too long to be one."),
        _ when secret.Any(char.IsControl) => throw new InvalidDataException($"The {name} has more than one line, or control characters."),
        _ => secret,
    };

    private static string Ask(Session session, string name)
    {
        session.Surroundings.Error.Write($"{name} (not shown): ");
        var secret = new StringBuilder();
        while (session.Surroundings.ReadKey() is { Key: not ConsoleKey.Enter } key)
        {
            if (key.Key is ConsoleKey.Backspace)
            {
                secret.Length = Math.Max(0, secret.Length - 1);
            }
            else if (!char.IsControl(key.KeyChar))
            {
                secret.Append(key.KeyChar);
            }
        }

        session.Surroundings.Error.WriteLine();
        return secret.ToString();
    }
}
