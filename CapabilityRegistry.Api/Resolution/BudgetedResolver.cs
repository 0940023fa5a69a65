using System.Diagnostics;
using System.Diagnostics.Metrics;
using CapabilityRegistry.Core.Catalogues;
using CapabilityRegistry.Core.Manifests;
using CapabilityRegistry.Core.Resolution;
using CapabilityRegistry.ServiceDefaults;
using CapabilityRegistry.ServiceDefaults.Telemetry;

namespace CapabilityRegistry.Api.Resolution;

/// <summary>Runs the resolver within a time budget, checks its answer with the separate checker, and records what it cost.</summary>
internal sealed class BudgetedResolver : IDisposable
{
    private const int DefaultBudgetMs = 5_000;
    private const int MaxBudgetMs = 30_000;

    private readonly ActivitySource _spans = new(ServiceDefaultsExtensions.TelemetryName);
    private readonly TimeProvider _clock;
    private readonly Histogram<double> _duration;

    public BudgetedResolver(TimeProvider clock, IMeterFactory meters)
    {
        _clock = clock;
        _duration = meters.Create(ServiceDefaultsExtensions.TelemetryName).CreateHistogram("registry.resolution.duration", "s", "Time to resolve a request.", tags: null, Buckets.Seconds);
    }

    public static void Validate(int? budgetMs, ICollection<Finding> findings)
    {
        if (budgetMs is < 1 or > MaxBudgetMs)
        {
            findings.Add(new("/budget_ms", "number_out_of_range", $"Must be from 1 to {MaxBudgetMs}."));
        }
    }

    /// <summary>Resolves a request against a snapshot.</summary>
    /// <exception cref="InvalidOperationException">The answer does not pass the checker: a bug, which must not leave the house.</exception>
    public ResolutionOutcome Resolve(Catalogue catalogue, ResolutionRequest request, int? budgetMs, CancellationToken cancellationToken)
    {
        using var span = _spans.StartActivity("registry.resolve");
        using var limit = new CancellationTokenSource(TimeSpan.FromMilliseconds(budgetMs ?? DefaultBudgetMs), _clock);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        var started = _clock.GetTimestamp();
        var outcome = Resolver.Resolve(catalogue, request with { Budget = new(int.MaxValue, deadline.Token) });
        cancellationToken.ThrowIfCancellationRequested();
        Check(catalogue, request, outcome);
        var status = outcome.Status.ToString().ToLowerInvariant();
        _duration.Record(_clock.GetElapsedTime(started).TotalSeconds, new KeyValuePair<string, object?>("registry.resolution.status", status));
        span?.SetTag("registry.resolution.status", status).SetTag("registry.resolution.conflicts", outcome.Statistics.Conflicts).SetTag("registry.resolution.selected", outcome.Selected.Count);
        return outcome;
    }

    public void Dispose() => _spans.Dispose();

    private static void Check(Catalogue catalogue, ResolutionRequest request, ResolutionOutcome outcome)
    {
        var violations = outcome.Status switch
        {
            ResolutionStatus.Resolved => SolutionChecker.Check(
                catalogue, request.Requirements, [.. outcome.Selected.Select(s => new LockedVersion(s.CapabilityCode, s.Version))], request.IncludePrerelease),
            ResolutionStatus.Impossible => DerivationChecker.Check(catalogue, request, outcome.Derivation!.Steps),
            _ => [],
        };
        if (violations.Count > 0)
        {
            throw new InvalidOperationException($"The resolver's answer does not pass the checker: {violations[0]}");
        }
    }
}
