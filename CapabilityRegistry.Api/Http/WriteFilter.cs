using CapabilityRegistry.Api.Events;
using CapabilityRegistry.Api.Identity;
using Microsoft.EntityFrameworkCore;

namespace CapabilityRegistry.Api.Http;

/// <summary>An operation that keeps what it does bit by bit, in transactions of its own: an import.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class OwnTransactionsAttribute : Attribute;

/// <summary>An operation of which each client has one at a time.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class OneAtATimeAttribute : Attribute;

/// <summary>An operation of several parts, each with a precondition of its own: one for all of them has no meaning.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class OwnPreconditionsAttribute : Attribute;

/// <summary>Runs every operation that writes in one transaction: kept when it succeeds, taken back when it is refused or only rehearsed (<c>dry_run=true</c>), and answered from
/// memory when its <c>Idempotency-Key</c> has been seen. What the database aborts for reasons of its own (a deadlock, a lost connection) is run again.</summary>
internal sealed class WriteFilter(IdempotentAnswers answers, WritePositions positions) : IEndpointFilter
{
    public const string DryRun = "dry_run";

    public ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        var endpoint = http.GetEndpoint();
        if (!endpoint.Writes())
        {
            return next(context);
        }

        var asked = http.Request.Query[DryRun].ToString();
        return asked is not ("" or "true" or "false") ? ValueTask.FromResult<object?>(Problems.Invalid($"?{DryRun}", "invalid_value", "Must be true or false."))
            : endpoint!.Metadata.GetMetadata<OwnTransactionsAttribute>() is not null ? next(context)
            : RunAsync(context, next, asked == "true");
    }

    private async ValueTask<object?> RunAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next, bool isRehearsal)
    {
        var (http, scope) = (context.HttpContext, context.HttpContext.RequestServices.GetRequiredService<RegistryScope>());
        var request = isRehearsal ? null : IdempotentRequest.Of(context);
        object? result;
        using (await TurnAsync(http, scope, request))
        {
            result = await RunAsync(context, next, scope, request, isRehearsal);
        }

        if (!isRehearsal && result is not IStatusCodeHttpResult { StatusCode: >= 400 } && await positions.AfterAsync() is { } position)
        {
            http.Response.Headers[PositionFilter.Header] = position;
        }

        return result;
    }

    private async Task<IDisposable?> TurnAsync(HttpContext http, RegistryScope scope, IdempotentRequest? request) =>
        http.GetEndpoint()!.Metadata.GetMetadata<OneAtATimeAttribute>() is not null ? await answers.TakeClientTurnAsync(scope, http.RequestAborted)
        : request is not null ? await answers.TakeTurnAsync(request, scope, http.RequestAborted)
        : null;

    private Task<object?> RunAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next, RegistryScope scope, IdempotentRequest? request, bool isRehearsal)
    {
        var http = context.HttpContext;
        return scope.Database.Database.CreateExecutionStrategy().ExecuteAsync(async cancellationToken =>
        {
            scope.Restart();
            await using var transaction = await scope.Database.Database.BeginTransactionAsync(cancellationToken);
            if (request is not null && await answers.FindAsync(request, scope, cancellationToken) is { } earlier)
            {
                return earlier;
            }

            var result = EntityTagFilter.Results.Innermost(await next(context));
            var refusal = Refusal(http, scope, result);
            if (refusal is not null || isRehearsal)
            {
                return refusal ?? result;
            }

            if (request is not null)
            {
                await scope.LeaveTenantAsync(cancellationToken);
                await answers.KeepAsync(request, result, scope, cancellationToken);
            }

            // From here on nobody can take it back: what is half committed is worse than what is committed and not heard of.
            await transaction.CommitAsync(CancellationToken.None);
            scope.Committed();
            return result;
        }, http.RequestAborted);
    }

    private static object? Refusal(HttpContext http, RegistryScope scope, object? result) => result switch
    {
        Problem => result,
        IStatusCodeHttpResult { StatusCode: >= 400 } => result,
        _ when http.Request.Headers.ContainsKey("If-Match") && !scope.HasLookedAtPrecondition => Problems.Invalid("", "invalid_precondition", "If-Match has no meaning here: the operation changes nothing that has been read."),
        _ => null,
    };
}
