using System.Text.Json;
using CapabilityRegistry.Api.Events;
using CapabilityRegistry.Api.Http;
using CapabilityRegistry.Core.Manifests;
using CapabilityRegistry.Data.Events;
using CapabilityRegistry.Data.Model;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace CapabilityRegistry.Api.Mobile;

/// <summary>Brings a device up to date, and what was done on it into the registry.</summary>
/// <remarks>Actions are done first and shown as they have become; their events get positions after the commit and come with the next synchronisation once more, which changes nothing.</remarks>
internal static class SyncMobile
{
    private const int DefaultLimit = 100;
    private const int MaxLimit = 1_000;
    private const int MaxActions = 100;

    private static readonly string[] Types =
    [
        EventTypes.VersionPublished, EventTypes.VersionCorrected, EventTypes.VersionLifecycleChanged, EventTypes.CapabilityUpdated, EventTypes.CapabilityDeleted, EventTypes.CapabilityRestored,
    ];

    public static async Task<Results<Ok<Response>, Problem>> HandleAsync(JsonBody<Request> body, RegistryScope scope, ChangeFeed feed, OfflineQueue queue, CancellationToken cancellationToken)
    {
        var request = body.Value;
        if (request.Validate() is { Count: > 0 } findings)
        {
            return Problems.Invalid(findings);
        }

        if (request.Since is not { } since || request.After is not null)
        {
            // Before anything is read: what changes meanwhile comes with what follows the position.
            var position = request.Since ?? await EventReader.HeadAsync(scope.Connection, cancellationToken);
            var done = await queue.ApplyAsync(request.Actions ?? [], scope, cancellationToken);
            return TypedResults.Ok(await SnapshotAsync(position, request, done, scope, cancellationToken));
        }

        var reading = await feed.ReadAsync(scope.Connection, scope.TenantId, since, Types, request.Limit ?? DefaultLimit, cancellationToken);
        if (reading is FeedReading.Gone gone)
        {
            return Problems.PositionGone(gone.Reason, gone.Head);
        }

        var results = await queue.ApplyAsync(request.Actions ?? [], scope, cancellationToken);
        return TypedResults.Ok(await DeltaAsync((FeedReading.Read)reading, results, scope, cancellationToken));
    }

    private static async Task<Response> SnapshotAsync(long position, Request request, IReadOnlyList<OfflineResult> results, RegistryScope scope, CancellationToken cancellationToken)
    {
        var (limit, after) = (request.Limit ?? DefaultLimit, request.After ?? "");
        var (living, order) = (scope.Database.Capabilities.AsNoTracking().Where(c => c.DeletedAt == null), new Keyset<Capability>().By(c => c.CapabilityCode));
        var found = await order.Order(order.After(living, [JsonSerializer.SerializeToElement(after)])).Take(limit + 1).Select(CompactCapability.From).ToListAsync(cancellationToken);
        var hasMore = found.Count > limit;
        return new(position, hasMore, hasMore ? found[limit - 1].CapabilityCode : null, [.. found.Take(limit)], [], results);
    }

    /// <summary>However often a capability has changed, it is shown once, as it is.</summary>
    private static async Task<Response> DeltaAsync(FeedReading.Read read, IReadOnlyList<OfflineResult> results, RegistryScope scope, CancellationToken cancellationToken)
    {
        var changed = read.Events.GroupBy(e => e.CapabilityId!.Value).ToDictionary(g => g.Key, g => g.Last());
        Guid[] ids = [.. changed.Keys];
        var living = await scope.Database.Capabilities.AsNoTracking().Where(c => c.DeletedAt == null && ids.Contains(c.CapabilityId)).OrderBy(c => c.CapabilityCode)
            .Select(CompactCapability.From).ToListAsync(cancellationToken);
        var gone = changed.Values.ExceptBy(living.Select(c => c.CapabilityId), e => e.CapabilityId!.Value).OrderBy(e => e.Position);
        return new(read.Position, read.HasMore, null, living, [.. gone.Select(e => new Tombstone(e.CapabilityId!.Value, e.CapabilityCode!, e.Position))], results);
    }

    /// <summary>How far the device is, and what was done on it.</summary>
    /// <param name="Since">The position that the device has; none for everything there is.</param>
    /// <param name="After">Where everything goes on, as the answer before said it, together with that one's position.</param>
    /// <param name="Limit">How much of it at most.</param>
    /// <param name="Actions">What was done offline, in order.</param>
    internal sealed record Request(long? Since = null, string? After = null, int? Limit = null, IReadOnlyList<OfflineAction>? Actions = null)
    {
        public List<Finding> Validate()
        {
            var findings = new List<Finding>();
            Check(Since < 0, "/since", "number_out_of_range", "Positions begin at 0, which stands for the beginning.");
            Check(After is not null && Since is null, "/since", "missing_member", "after goes with the position of the answer that it is from.");
            Check(Limit is < 1 or > MaxLimit, "/limit", "number_out_of_range", $"Must be from 1 to {MaxLimit}.");
            Check(Actions?.Count > MaxActions, "/actions", "too_many", $"At most {MaxActions} actions at a time; send the others after them.");
            return findings;

            void Check(bool isWrong, string pointer, string code, string message)
            {
                if (isWrong)
                {
                    findings.Add(new(pointer, code, message));
                }
            }
        }
    }

    /// <summary>What the device needs to know.</summary>
    /// <param name="Position">What to give as <c>since</c> next.</param>
    /// <param name="HasMore">Whether there may be more already.</param>
    /// <param name="After">What to give as <c>after</c> next, as long as there is one.</param>
    /// <param name="Upserts">Capabilities that are new or have changed, as they are.</param>
    /// <param name="Tombstones">Capabilities that are no more.</param>
    /// <param name="Results">One answer for each action, in order.</param>
    internal sealed record Response(
        long Position, bool HasMore, string? After, IReadOnlyList<CompactCapability> Upserts, IReadOnlyList<Tombstone> Tombstones, IReadOnlyList<OfflineResult> Results);

    /// <summary>A capability that is no more.</summary>
    internal sealed record Tombstone(Guid CapabilityId, string CapabilityCode, long Position);
}
