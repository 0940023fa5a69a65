using CapabilityRegistry.Tests.Testing;

namespace CapabilityRegistry.Tests.Api.Generated;

/// <summary>Asks, at one place of a request, for what another tenant has and for what never was, and compares the answers.</summary>
internal sealed class Prober(TwoTenants tenants, ApiOperation operation, IReadOnlyList<Slot> slots)
{
    private readonly List<string> _failures = [];
    private (TenantData One, TenantData Other)? _twins;

    public int Probes { get; private set; }

    public IReadOnlyList<string> Failures => _failures;

    private RegistryApp App => tenants.App;

    private TenantData Victim => tenants.Victim;

    private TenantData Stranger => tenants.Stranger;

    public async Task ProbeAsync(Slot slot)
    {
        await CheckOwnAsync(slot);
        foreach (var value in await ValuesAsync(slot, Victim))
        {
            // Who knows a secret is its client: with everything of the victim's that would be no stranger.
            if (!operation.IsOpen)
            {
                // Whoever's it is asks first: what is cached anywhere is there when the stranger comes.
                await SendAsync(CallOf(slot, Victim).With(slot, value, Victim), Victim, rehearse: true);
                await CompareAsync(slot, value, Victim);
            }

            await CompareAsync(slot, value, Stranger);
        }
    }

    /// <summary>The stranger's own request must be good, or comparing what is refused says nothing.</summary>
    private async Task CheckOwnAsync(Slot slot)
    {
        var own = CallOf(slot, Stranger).With(slot, await OwnAsync(slot, Stranger), Stranger);
        var answer = await SendAsync(own, Stranger, rehearse: true);
        if (operation.IsForTenants ? answer.Status is < 200 or > 299 || answer.Text.Contains("\"status\":\"failed\"", StringComparison.Ordinal) : answer.Status != 403)
        {
            _failures.Add($"{slot}: the request with the stranger's own names is not good: {Shown(own, answer)} Teach {nameof(TenantData)} or {nameof(Meanings)} how to ask.");
        }
    }

    private async Task CompareAsync(Slot slot, string value, TenantData names)
    {
        var never = Never.Of(value);
        var call = CallOf(slot, names);
        var (one, other) = (call.With(slot, value, names), call.With(slot, never, names));
        var hidden = await SendAsync(one, Stranger, rehearse: true);
        Compare(slot, (one, hidden, Stranger), (other, await SendAsync(other, Stranger, rehearse: true), Stranger), value, never);
        if (names == Stranger && slot.Meaning.IsNew() && operation.IsForTenants && hidden.Status is < 200 or > 299)
        {
            _failures.Add($"{slot}: what another tenant calls so keeps this one from it: {Shown(one, hidden)}");
        }

        if (!operation.Writes)
        {
            return;
        }

        if (hidden.Status is < 200 or > 299)
        {
            Compare(slot, (one, await SendAsync(one, Stranger), Stranger), (other, await SendAsync(other, Stranger), Stranger), value, never);
            return;
        }

        // What is kept would be in the way of the next probe, so twins ask: what one has done, the other has.
        var twins = _twins ??= (await tenants.TwinAsync(), await tenants.TwinAsync());
        if (names == Stranger)
        {
            (one, other) = (CallOf(slot, twins.One).With(slot, value, twins.One), CallOf(slot, twins.Other).With(slot, never, twins.Other));
        }

        Compare(slot, (one, await SendAsync(one, twins.One), twins.One), (other, await SendAsync(other, twins.Other), twins.Other), value, never);
    }

    private void Compare(Slot slot, (Call Call, Answer Answer, TenantData Caller) hidden, (Call Call, Answer Answer, TenantData Caller) never, params string[] asked)
    {
        Probes++;
        var (one, other) = (Comparable.Of(hidden.Answer, hidden.Caller, asked), Comparable.Of(never.Answer, never.Caller, asked));
        if (one != other)
        {
            _failures.Add($"{slot}: what another tenant has is told from what never was.\n  {Shown(hidden.Call, hidden.Answer)}\n  {Shown(never.Call, never.Answer)}\n  {one}\n  {other}");
        }

        var said = hidden.Call.ToString();
        var leaked = Victim.Names.Where(n => !said.Contains(n.Value, StringComparison.Ordinal) && n.Value.Length > 8 && hidden.Answer.Text.Contains(n.Value, StringComparison.Ordinal)).ToArray();
        if (leaked.Length > 0)
        {
            _failures.Add($"{slot}: the answer shows {string.Join(", ", leaked)} of another tenant: {Shown(hidden.Call, hidden.Answer)}");
        }
    }

    private Call CallOf(Slot slot, TenantData names) => Call.Of(operation, slot.MediaType, slots, names);

    private Task<Answer> SendAsync(Call call, TenantData caller, bool rehearse = false) =>
        (rehearse && operation.Writes ? call.WithQuery("dry_run", "true") : call).SendAsync(App, caller.TenantId);

    private async Task<string> OwnAsync(Slot slot, TenantData tenant) => slot switch
    {
        { Meaning: Meaning.EntityTag, Name: "If-Match" } => "*",
        { Meaning: Meaning.EntityTag } => "\"none\"",
        { Meaning: Meaning.Cursor } => (await ValuesAsync(slot, tenant))[0],
        _ => tenant.Own(slot.Meaning),
    };

    private async Task<IReadOnlyList<string>> ValuesAsync(Slot slot, TenantData tenant) => slot.Meaning switch
    {
        Meaning.Cursor => [await CursorAsync(CallOf(slot, tenant), tenant)],
        Meaning.EntityTag => [await TagAsync(CallOf(slot, tenant), tenant)],
        _ => tenant.Of(slot.Meaning),
    };

    private async Task<string> CursorAsync(Call list, TenantData tenant)
    {
        var page = operation.IsForTenants ? await list.WithQuery("per_page", "1").SendAsync(App, tenant.TenantId) : await App.GetAsync("/api/capabilities?per_page=1", tenant.TenantId);
        Assert.True(page.Status == 200 && page.Json.GetProperty("next_cursor").GetString() is not null, $"{list} has no second page: {page.Text}. Teach {nameof(TenantData)} to make two.");
        return page.Json.GetProperty("next_cursor").GetString()!;
    }

    private async Task<string> TagAsync(Call call, TenantData tenant)
    {
        var path = call.ReadablePath(tenants.Document);
        var answer = await App.GetAsync(operation.IsForTenants && path.StartsWith("/api/", StringComparison.Ordinal) ? path : "/api/capabilities", tenant.TenantId);
        return answer.Headers.ETag?.Tag ?? "\"none\"";
    }

    private static string Shown(Call call, Answer answer) => $"{call} -> {answer.Status} {answer.Text[..Math.Min(answer.Text.Length, 1_500)]}";
}
