using System.Text.Json;
using CapabilityRegistry.Api.Capabilities;
using CapabilityRegistry.Api.Compositions;
using CapabilityRegistry.Api.Http;
using CapabilityRegistry.Core.Manifests;
using CapabilityRegistry.Data.Model;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;

namespace CapabilityRegistry.Api.Mobile;

/// <summary>Does what a client did offline: in order, each action once, each kept or refused by itself.</summary>
/// <remarks>All of it is in the transaction of the request, an action and its kept result together. Requests of one client wait for each other, so that two that bring the same actions do
/// them once and in one order.</remarks>
internal sealed class OfflineQueue(IOptions<IdempotencyOptions> options)
{
    public async Task<IReadOnlyList<OfflineResult>> ApplyAsync(IReadOnlyList<OfflineAction> actions, RegistryScope scope, CancellationToken cancellationToken)
    {
        if (actions.Count == 0)
        {
            return [];
        }

        await LockAsync(scope, cancellationToken);
        var results = new List<OfflineResult>(actions.Count);
        foreach (var action in actions)
        {
            results.Add(await FindAsync(action, scope, cancellationToken) ?? await ApplyAsync(action, scope, cancellationToken));
        }

        return results;
    }

    private async Task LockAsync(RegistryScope scope, CancellationToken cancellationToken)
    {
        var sql = $"SET LOCAL lock_timeout = '{options.Value.WaitSeconds}s'; SELECT pg_advisory_xact_lock(hashtextextended(@key, 0)); SET LOCAL lock_timeout = DEFAULT";
        await using var wait = new NpgsqlCommand(sql, scope.Connection);
        wait.Parameters.AddWithValue("key", $"offline\n{scope.TenantId}\n{scope.Caller.ClientId}");
        try
        {
            await wait.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            throw new ProblemException(Problems.SyncBusy());
        }
    }

    private static async Task<OfflineResult?> FindAsync(OfflineAction action, RegistryScope scope, CancellationToken cancellationToken)
    {
        var kept = await scope.Database.MobileActions.AsNoTracking().FirstOrDefaultAsync(a => a.ClientId == scope.Caller.ClientId && a.ClientActionId == action.ClientActionId, cancellationToken);
        if (kept is null)
        {
            return null;
        }

        if (!kept.ActionHash.AsSpan().SequenceEqual(action.Hash()))
        {
            return ResultOf(action, Problems.Invalid("/client_action_id", "id_reused", "The id was used for another action; a new action needs a new id."));
        }

        var first = JsonSerializer.Deserialize<OfflineResult>(kept.Result, RegistryJson.Options)!;
        return first with { Status = OfflineStatus.Duplicate, FirstStatus = first.Status };
    }

    private static async Task<OfflineResult> ApplyAsync(OfflineAction action, RegistryScope scope, CancellationToken cancellationToken)
    {
        await scope.BeginPartAsync(action.IfMatch, cancellationToken);
        var result = ResultOf(action, await RunAsync(action, scope, cancellationToken));
        await scope.EndPartAsync(isKept: result.Status is OfflineStatus.Applied, cancellationToken);
        if (result.Status is not OfflineStatus.Rejected && action.Capability is { } capability)
        {
            result = result with { Current = await Living(capability, scope).Select(CompactCapability.From).FirstOrDefaultAsync(cancellationToken) };
        }

        scope.Database.MobileActions.Add(new()
        {
            TenantId = scope.TenantId,
            ClientId = scope.Caller.ClientId,
            ClientActionId = action.ClientActionId,
            ActionHash = action.Hash(),
            Result = JsonSerializer.Serialize(result, RegistryJson.Options),
            CreatedAt = scope.Now,
        });
        await scope.Database.SaveChangesAsync(cancellationToken);
        return result;
    }

    private static async Task<IResult> RunAsync(OfflineAction action, RegistryScope scope, CancellationToken cancellationToken)
    {
        if (!action.Access.IsGrantedTo(scope.Caller))
        {
            return Problems.Forbidden($"It needs the scope {action.Access.Scope} and one of the roles {string.Join(", ", action.Access.AnyOf)}.");
        }

        if (action.Validate() is { Count: > 0 } findings)
        {
            return Problems.Invalid(findings);
        }

        if (action.BaseRevision is { } expected
            && await Living(action.Capability!, scope).Select(c => (long?)c.Revision).FirstOrDefaultAsync(cancellationToken) is { } present && present != expected)
        {
            return Problems.Outdated(expected, present);
        }

        var outcome = await DoAsync(action, scope, cancellationToken);
        return outcome is Problem { Errors: { } errors } problem ? problem with { Errors = [.. errors.Select(e => e with { Pointer = action.Body + e.Pointer })] } : outcome;
    }

    private static async Task<IResult> DoAsync(OfflineAction action, RegistryScope scope, CancellationToken cancellationToken) => action.Type switch
    {
        OfflineActionType.UpdateCapability => (await scope.PatchAsync(CapabilityKey.Of(action.Capability!), action.Patch!, cancellationToken)).Result,
        OfflineActionType.CreateComposition => (await scope.MakeCompositionAsync(action.Composition!, cancellationToken)).Result,
        _ => (await scope.ChangeLifecycleAsync(action.Capability!, action.Version!, LifecycleOf(action), cancellationToken)).Result,
    };

    private static LifecycleView LifecycleOf(OfflineAction action) => action.Type switch
    {
        OfflineActionType.DeprecateVersion => new(LifecycleState.Deprecated, action.Message, action.ReplacedBy, action.SunsetAt),
        OfflineActionType.YankVersion => new(LifecycleState.Yanked, action.Reason, null, null),
        _ => new(LifecycleState.Active, null, null, null),
    };

    private static OfflineResult ResultOf(OfflineAction action, IResult outcome) => outcome switch
    {
        Problem problem => new(action.ClientActionId, IsConflict(problem) ? OfflineStatus.Conflict : OfflineStatus.Rejected)
        {
            ErrorCode = problem.ErrorCode,
            Detail = problem.Detail,
            Errors = problem.Errors,
        },
        _ => new(action.ClientActionId, OfflineStatus.Applied) { CompositionId = (outcome as Created<CompositionView>)?.Value?.CompositionId },
    };

    private static bool IsConflict(Problem problem) => problem.Status is StatusCodes.Status409Conflict or StatusCodes.Status412PreconditionFailed;

    private static IQueryable<Capability> Living(string capability, RegistryScope scope) => CapabilityKey.Of(capability).LivingIn(scope.Database.Capabilities.AsNoTracking());
}
