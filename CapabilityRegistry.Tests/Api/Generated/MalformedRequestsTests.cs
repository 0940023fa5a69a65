using System.Collections.Concurrent;
using System.Globalization;
using CapabilityRegistry.Data.Identity;
using CapabilityRegistry.Tests.Testing;

namespace CapabilityRegistry.Tests.Api.Generated;

/// <summary>A random walk of malformed requests over every operation of the document. <c>REGISTRY_WALK_SEED</c> and <c>REGISTRY_WALK_REQUESTS</c> choose another and a longer one.</summary>
public sealed class MalformedRequestsTests(RegistryFixture registry) : IClassFixture<RegistryFixture>
{
    private const string Tenant = "walker";
    private const int Connections = 6;
    private const int MostShown = 12;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ConcurrentQueue<(int Number, RawRequest Request, string Wrong)> _failures = new();
    private readonly ConcurrentDictionary<(string Operation, int Status), int> _answers = new();
    private int _bare;

    [Fact]
    public async Task Every_malformed_request_is_answered_and_every_refusal_says_why()
    {
        var seed = Setting("REGISTRY_WALK_SEED", 20_261_124);
        var requests = Setting("REGISTRY_WALK_REQUESTS", 10_000);
        var names = await TenantData.CreateAsync(registry.App, Tenant, "own", 3);
        var tokens = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var role in new[] { Roles.TenantAdmin, Roles.RegistryAdmin, Roles.Observer })
        {
            tokens.Add($"Bearer {await registry.App.Tokens.OfAsync(Tenant, role)}", $"Bearer of a {role}");
        }

        var walk = new RequestWalk(await ApiDocument.ReadAsync(registry.App), names, tokens, seed);
        var next = -1;
        await Task.WhenAll(Enumerable.Range(0, Connections).Select(_ => Task.Run(async () =>
        {
            using var connection = new RawConnection(registry.App.Http.BaseAddress!);
            while (Interlocked.Increment(ref next) is var number && number < requests && _failures.Count < 100)
            {
                await TryAsync(connection, walk.Make(number), number);
            }
        })));

        Report(seed, requests);
        Assert.True(_failures.IsEmpty, $"Seed {seed}, {_failures.Count} wrong answers:\n{string.Join("\n\n", _failures.GroupBy(f => (f.Request.Operation, f.Wrong.Split('\n')[0])).SelectMany(g => g.Take(2)).Take(MostShown).Select(f => $"No. {f.Number}, {f.Request.Operation}: {f.Wrong}\n{f.Request}"))}");
        Assert.Equal(requests, _answers.Values.Sum());
        if (requests >= 10_000)
        {
            // Walks that end at the door say nothing about the house: of every operation some must have come as far as what is stored.
            Assert.Empty(walk.Operations.Where(o => !_answers.Keys.Any(a => a.Operation == o.Id && a.Status is (>= 200 and < 300) or 409 or 412)).Select(o => o.Id));
        }

        Assert.Equal(200, (await registry.App.GetAsync("/api/health")).Status);
        Assert.Equal(200, (await registry.App.GetAsync("/api/capabilities", Tenant)).Status);
    }

    private async Task TryAsync(RawConnection connection, RawRequest request, int number)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Patience);
        try
        {
            var answer = await connection.SendAsync(request, limit.Token);
            _answers.AddOrUpdate((request.Operation.Id, answer.Status), 1, (_, count) => count + 1);
            Interlocked.Add(ref _bare, answer.IsBare ? 1 : 0);
            if (AnswerRules.Broken(request, answer) is { } wrong)
            {
                _failures.Enqueue((number, request, $"{wrong}\n{answer}\nto"));
            }
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or System.Net.Sockets.SocketException)
        {
            connection.Dispose();
            _failures.Enqueue((number, request, exception.Message));
        }
    }

    private void Report(int seed, int requests)
    {
        var statuses = _answers.GroupBy(a => a.Key.Status).OrderBy(g => g.Key).Select(g => $"{g.Key}: {g.Sum(a => a.Value)}");
        TestContext.Current.TestOutputHelper!.WriteLine($"Seed {seed}, {requests} requests. {string.Join(", ", statuses)}. {_bare} were no HTTP and refused by the server itself.");
    }

    private static int Setting(string name, int otherwise) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
