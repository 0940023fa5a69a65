using CapabilityRegistry.Api.Http;
using CapabilityRegistry.Api.Identity;
using CapabilityRegistry.Core.Manifests;
using CapabilityRegistry.Data.Model;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace CapabilityRegistry.Api.Events;

/// <summary>The change feed.</summary>
internal static class ListChanges
{
    private const int MaxWaitSeconds = 60;
    private const int MaxLimit = 1_000;
    private const int DefaultLimit = 100;

    public static async Task<Results<Ok<Response>, Problem>> HandleAsync([AsParameters] Query query, RegistryScope scope, ChangeFeed feed, EventNews news, CancellationToken cancellationToken)
    {
        var findings = new List<Finding>();
        var types = query.Validate(Visible(scope.Caller), findings);
        if (findings.Count > 0)
        {
            return Problems.Invalid(findings);
        }

        using var waiting = news.Waiting(TimeSpan.FromSeconds(query.Wait ?? 0), cancellationToken);
        for (var since = query.Since ?? 0; ;)
        {
            // Interest is registered before the look.
            var next = news.NextAsync(scope.TenantId);
            var reading = await feed.ReadAsync(scope.TenantId, since, types, query.Limit ?? DefaultLimit, cancellationToken);
            if (reading is FeedReading.Gone gone)
            {
                return Problems.PositionGone(gone.Reason, gone.Head);
            }

            var read = (FeedReading.Read)reading;
            if (read.Events.Count > 0 || read.HasMore || !await waiting.ForAsync(next))
            {
                return TypedResults.Ok(new Response([.. read.Events.Select(Change.Of)], read.Position, read.Head, read.HasMore));
            }

            since = read.Position;
        }
    }

    /// <summary>Who may not administer the tenant hears nothing of its clients.</summary>
    internal static IReadOnlyList<string> Visible(Caller caller) => Access.ReadAudit.IsGrantedTo(caller) ? EventTypes.All : EventTypes.Public;

    /// <summary>What to read.</summary>
    internal sealed record Query(
        [property: FromQuery(Name = "since")] long? Since,
        [property: FromQuery(Name = "types")] string? Types,
        [property: FromQuery(Name = "limit")] int? Limit,
        [property: FromQuery(Name = "wait")] int? Wait)
    {
        /// <summary>Checks everything, and reads the types.</summary>
        public IReadOnlyList<string> Validate(IReadOnlyList<string> visible, List<Finding> findings)
        {
            if (Since < 0)
            {
                findings.Add(new("?since", "number_out_of_range", "Positions begin at 0, which stands for the beginning."));
            }

            if (Limit is < 1 or > MaxLimit)
            {
                findings.Add(new("?limit", "number_out_of_range", $"Must be from 1 to {MaxLimit}."));
            }

            if (Wait is < 0 or > MaxWaitSeconds)
            {
                findings.Add(new("?wait", "number_out_of_range", $"Must be from 0 to {MaxWaitSeconds} seconds."));
            }

            return EventTypeFilter.Read("?types", Types?.Split(','), visible, findings);
        }
    }

    /// <summary>What has changed, in order, and the position to go on from.</summary>
    /// <param name="Items">The changes.</param>
    /// <param name="Position">What to give as <c>since</c> next.</param>
    /// <param name="Head">How far the sequence has come.</param>
    /// <param name="HasMore">Whether there may be more already.</param>
    internal sealed record Response(IReadOnlyList<Change> Items, long Position, long Head, bool HasMore);
}
