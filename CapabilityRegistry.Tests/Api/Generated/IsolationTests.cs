using CapabilityRegistry.Tests.Testing;

namespace CapabilityRegistry.Tests.Api.Generated;

/// <summary>Another tenant's resource is the same bytes as one that never was: asked of every operation of the document, at every place that names something (DESIGN.md, "Proved isolation").</summary>
public sealed class IsolationTests(TwoTenants tenants) : IClassFixture<TwoTenants>
{
    [Fact]
    public async Task What_another_tenant_has_is_answered_like_what_never_was()
    {
        var unknown = new List<string>();
        var places = tenants.Document.Operations.Select(o => (Operation: o, Slots: Slot.Of(o, unknown))).ToArray();
        Assert.True(unknown.Count == 0, string.Join('\n', unknown));
        var (rows, pages) = (await RowsAsync(), await PagesAsync());

        var (pairs, probes, failures) = (0, 0, new List<string>());
        foreach (var (operation, slots) in places)
        {
            var prober = new Prober(tenants, operation, slots);
            foreach (var slot in slots.Where(s => s.Meaning is not Meaning.IdempotencyKey))
            {
                var before = prober.Probes;
                await prober.ProbeAsync(slot);
                pairs++;
                Assert.True(prober.Probes > before, $"{slot} was not probed.");
            }

            probes += prober.Probes;
            failures.AddRange(prober.Failures);
        }

        TestContext.Current.TestOutputHelper!.WriteLine($"{probes} probes at {pairs} places of {places.Length} operations.");
        Assert.True(failures.Count == 0, $"{failures.Count} of {probes}:\n{string.Join("\n\n", failures.Take(15))}");
        Assert.True(pairs >= 200 && probes >= pairs, $"Only {probes} probes at {pairs} places.");
        Assert.Equal(pages, await PagesAsync());
        Assert.Equal(rows, await RowsAsync());
    }

    /// <summary>The same request with the same key from another tenant is a first request, not a repeat.</summary>
    [Fact]
    public async Task An_idempotency_key_that_another_tenant_used_means_nothing()
    {
        var (first, same, fresh, probes) = (await tenants.TwinAsync(), await tenants.TwinAsync(), await tenants.TwinAsync(), 0);
        foreach (var operation in tenants.Document.Operations.Where(o => o.IsForTenants))
        {
            var slots = Slot.Of(operation, []);
            foreach (var slot in slots.Where(s => s.Meaning is Meaning.IdempotencyKey))
            {
                var key = $"{operation.Id}-0123456789";
                await SendAsync(operation, slots, slot, first, key);
                var (call, answer) = await SendAsync(operation, slots, slot, same, key);
                var (_, expected) = await SendAsync(operation, slots, slot, fresh, Never.Of(key));
                Assert.Equal(Comparable.Of(expected, fresh), Comparable.Of(answer, same));
                Assert.DoesNotContain(answer.Headers, h => h.Key == "Idempotency-Replayed");
                Assert.Contains((await call.SendAsync(tenants.App, same.TenantId)).Headers, h => h.Key == "Idempotency-Replayed");
                probes++;
            }
        }

        TestContext.Current.TestOutputHelper!.WriteLine($"{probes} operations take a key.");
        Assert.True(probes >= 10, $"Only {probes} operations take a key.");
    }

    private async Task<(Call Call, Answer Answer)> SendAsync(ApiOperation operation, IReadOnlyList<Slot> slots, Slot slot, TenantData tenant, string key)
    {
        var call = Call.Of(operation, null, slots, tenant).With(slot, key, tenant);
        var answer = await call.SendAsync(tenants.App, tenant.TenantId);
        Assert.True(answer.Status is >= 200 and < 300, $"{call}: {answer.Status} {answer.Text}");
        return (call, answer);
    }

    /// <summary>What the victim reads of its own, everywhere.</summary>
    private async Task<IReadOnlyList<string>> PagesAsync()
    {
        var pages = new List<string>();
        foreach (var operation in tenants.Document.Operations.Where(o => o is { Method: "GET", IsOpen: false, IsForTenants: true }))
        {
            var call = Call.Of(operation, null, Slot.Of(operation, []), tenants.Victim);
            var answer = await call.SendAsync(tenants.App, tenants.Victim.TenantId);
            Assert.True(answer.Status == 200, $"{call}: {answer.Status} {answer.Text}");
            pages.Add($"{call}: {Comparable.WithoutHead(answer.Text)}");
        }

        return pages;
    }

    private async Task<IReadOnlyList<string>> RowsAsync()
    {
        // A resolution numbers the events; afterwards nothing of theirs changes.
        await tenants.App.PostAsync("/api/dependencies/resolve", Sample.Resolve("anything"), tenants.Victim.TenantId);
        var rows = await new TenantTables(tenants.ConnectionString).DigestAsync(tenants.Victim.TenantId);
        Assert.NotEmpty(rows);
        Assert.All(rows, row => Assert.DoesNotContain(": 0 rows", row, StringComparison.Ordinal));
        return rows;
    }
}
