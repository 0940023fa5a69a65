using System.Text;
using CapabilityRegistry.Api;

namespace CapabilityRegistry.Standalone;

/// <summary>A file with an access token of the first administrator, renewed while the registry runs, so that a newcomer's curl works without ceremony. Only its owner can read it.</summary>
internal sealed class TokenFile : IAsyncDisposable
{
    private static readonly TimeSpan RenewedEvery = TimeSpan.FromMinutes(10);

    private readonly WebApplication _app;
    private readonly CancellationTokenSource _stopping = new();
    private Task _renewing = Task.CompletedTask;

    private TokenFile(WebApplication app, string path) => (_app, Path) = (app, path);

    public string Path { get; }

    /// <summary>The newest token; null when the first administrator has no live secret.</summary>
    public string? Token { get; private set; }

    public static async Task<TokenFile> StartAsync(WebApplication app, string folder, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        var file = new TokenFile(app, System.IO.Path.Combine(folder, "token"));
        await file.WriteAsync(cancellationToken);
        file._renewing = file.RenewAsync(file._stopping.Token);
        return file;
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _renewing;
        File.Delete(Path);
        _stopping.Dispose();
    }

    private async Task RenewAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(RenewedEvery, _app.Services.GetRequiredService<TimeProvider>());
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                await WriteAsync(cancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The registry stops.
        }
    }

    private async Task WriteAsync(CancellationToken cancellationToken)
    {
        Token = await _app.IssueOperatorTokenAsync(cancellationToken);
        File.Delete(Path);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        await using var file = new FileStream(Path, options);
        await file.WriteAsync(Encoding.ASCII.GetBytes(Token ?? ""), cancellationToken);
    }
}
