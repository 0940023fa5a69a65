using System.Text.Json;

namespace CapabilityRegistry.Cli.Logins;

/// <summary>The logins that are kept in the user's configuration. Readers always find a whole file; writers come one after the other.</summary>
internal sealed class CredentialStore(Surroundings surroundings)
{
    private const string FileName = "credentials.json";

    private string Folder => ConfigFolder.Of(surroundings);

    private string File => Path.Combine(Folder, FileName);

    /// <summary>The logins that are kept; none when there is no file.</summary>
    /// <exception cref="InvalidDataException">The file is open to others, or cannot be understood.</exception>
    public async Task<IReadOnlyList<Login>> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var stream = PrivateFiles.OpenRead(File);
            var content = await JsonSerializer.DeserializeAsync(stream, CredentialsJson.Default.CredentialsFile, cancellationToken);
            return content is { IsWhole: true } ? content.Logins : throw Unusable("there is something else in it");
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return [];
        }
        catch (JsonException exception)
        {
            // The parser's own words may quote what it stumbled over, which may be part of a secret.
            throw Unusable($"line {exception.LineNumber + 1} is no JSON of that kind");
        }
    }

    /// <summary>Puts a login in the place of the one for the same registry and tenant.</summary>
    public Task PutAsync(Login login, CancellationToken cancellationToken) =>
        UpdateAsync(logins => [.. logins.Where(other => !other.IsOf(login)), login], cancellationToken);

    /// <summary>Keeps a renewed token, unless the login was removed or given to another client in the meantime.</summary>
    public Task RenewAsync(Login renewed, CancellationToken cancellationToken) =>
        UpdateAsync(logins => [.. logins.Select(login => login.IsOf(renewed) && login.ClientId == renewed.ClientId ? renewed : login)], cancellationToken);

    public Task RemoveAsync(Login login, CancellationToken cancellationToken) =>
        UpdateAsync(logins => [.. logins.Where(other => !other.IsOf(login))], cancellationToken);

    /// <summary>Removes every login, also from a file that cannot be used.</summary>
    public async Task ClearAsync(CancellationToken cancellationToken)
    {
        if (Directory.Exists(Folder))
        {
            using var turn = await StoreLock.TakeAsync(Folder, surroundings.Clock, cancellationToken);
            System.IO.File.Delete(File);
            System.IO.File.Delete(PrivateFiles.UnfinishedOf(File));
        }
    }

    private async Task UpdateAsync(Func<IReadOnlyList<Login>, IReadOnlyList<Login>> change, CancellationToken cancellationToken)
    {
        PrivateFiles.CreateFolder(Folder);
        using var turn = await StoreLock.TakeAsync(Folder, surroundings.Clock, cancellationToken);
        var content = new CredentialsFile(CredentialsFile.CurrentVersion, change(await ReadAsync(cancellationToken)));
        await PrivateFiles.ReplaceAsync(File, JsonSerializer.SerializeToUtf8Bytes(content, CredentialsJson.Default.CredentialsFile), cancellationToken);
    }

    private InvalidDataException Unusable(string reason) =>
        new($"{File} does not hold the logins of this program: {reason}. Repair it, or remove it with:\n  registry logout --all");
}
