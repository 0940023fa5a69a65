using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using CapabilityRegistry.Tests.Testing;

namespace CapabilityRegistry.Tests.Deploy.Backup;

/// <summary>A write that was answered with success.</summary>
/// <param name="Tenant">Whose.</param>
/// <param name="Code">The capability that it made.</param>
/// <param name="Position">The position that the answer named: the event's is not beyond it.</param>
internal sealed record Acknowledged(string Tenant, string Code, long Position);

/// <summary>Clients that publish as fast as they are answered, until they are stopped.</summary>
internal sealed class LiveWriters : IAsyncDisposable
{
    private static readonly string[] Owners = ["tests", "tests", "neighbours"];

    private readonly RegistryApp _app;
    private readonly ConcurrentQueue<Acknowledged> _acknowledged = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _all;

    public LiveWriters(RegistryApp app)
    {
        _app = app;
        _all = Task.WhenAll(Owners.Select((tenant, number) => Task.Run(() => WriteAsync(tenant, number))));
    }

    public static IEnumerable<string> Tenants => Owners.Distinct();

    /// <summary>Everything that was answered with success until now.</summary>
    public IReadOnlyList<Acknowledged> Acknowledged => [.. _acknowledged];

    /// <summary>Waits until so many more are acknowledged.</summary>
    public async Task AdvanceAsync(int more)
    {
        for (var wanted = _acknowledged.Count + more; _acknowledged.Count < wanted;)
        {
            Assert.False(_all.IsCompleted, _all.Exception?.ToString());
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _all;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }

    private async Task WriteAsync(string tenant, int writer)
    {
        for (var n = 0; !_stop.IsCancellationRequested; n++)
        {
            var code = $"written-{writer}-{n}";
            var answer = await _app.PostAsync("/api/capabilities", Sample.Manifest(code), tenant);
            Assert.Equal(HttpStatusCode.Created, (HttpStatusCode)answer.Status);
            _acknowledged.Enqueue(new(tenant, code, long.Parse(answer.Headers.GetValues("Registry-Position").Single(), CultureInfo.InvariantCulture)));
        }
    }
}
