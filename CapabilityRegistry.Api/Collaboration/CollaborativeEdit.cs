using System.Globalization;
using CapabilityRegistry.Api.Compositions;
using CapabilityRegistry.Api.Events;
using CapabilityRegistry.Api.Http;
using CapabilityRegistry.Api.Identity;
using CapabilityRegistry.Api.Sockets;
using CapabilityRegistry.Core.Manifests;
using CapabilityRegistry.Data.Model;

namespace CapabilityRegistry.Api.Collaboration;

/// <summary>Applies an edit that came over a socket: it goes through the filter and the use case of <c>PATCH /api/compositions/{id}</c>, on the newest state, if nobody changed the
/// members that it names after the revision that it was thought for.</summary>
internal sealed class CollaborativeEdit(IServiceScopeFactory scopes, WritePositions positions, IdempotentAnswers answers, CompositionReader reader)
{
    /// <summary>How often others may come in between before it is given up.</summary>
    private const int Attempts = 20;

    private const string Conflict = "changed_meanwhile";

    private static readonly Endpoint Writing = new(null, new(Access.WriteCompositions), "PatchComposition over a socket");

    /// <summary>Applies it, and says what became of it.</summary>
    public async Task<ServerMessage> ApplyAsync(IPeer peer, EditMessage edit, CancellationToken cancellationToken)
    {
        if (!Access.WriteCompositions.IsGrantedTo(peer.Caller))
        {
            return new ErrorMessage("forbidden", $"It needs the scope {Access.WriteCompositions.Scope} and one of the roles {string.Join(", ", Access.WriteCompositions.AnyOf)}.", ClientEditId: edit.ClientEditId);
        }

        for (var attempt = 1; ; attempt++)
        {
            var (result, position) = await PatchAsync(peer, edit, cancellationToken);
            switch (result)
            {
                case IValueHttpResult<CompositionView> { Value: { } view }:
                    return new EditAppliedMessage(edit.ClientEditId, edit.CompositionId, position, view);
                case Problem { Errors: [{ Code: Conflict }, ..] errors } when await reader.ReadAsync(new(peer.Caller.TenantId, edit.CompositionId), cancellationToken) is { } current:
                    return new EditConflictMessage(edit.ClientEditId, edit.CompositionId, [.. errors.Select(e => e.Pointer["/patch".Length..])], current);
                case Problem { Status: StatusCodes.Status409Conflict, ErrorCode: "PRECONDITION_FAILED" } when attempt < Attempts:
                    break;
                case Problem problem:
                    return new ErrorMessage(problem.ErrorCode.ToLowerInvariant(), problem.Detail, problem.Errors, ClientEditId: edit.ClientEditId);
                default:
                    throw new InvalidOperationException($"An edit has no result of the type {result?.GetType()}.");
            }
        }
    }

    private async Task<(object? Result, long? Position)> PatchAsync(IPeer peer, EditMessage edit, CancellationToken cancellationToken)
    {
        await using var services = scopes.CreateAsyncScope();
        var http = new DefaultHttpContext { RequestServices = services.ServiceProvider, RequestAborted = cancellationToken, TraceIdentifier = $"{peer.ConnectionId}/{edit.ClientEditId}" };
        http.Request.Method = HttpMethods.Patch;
        http.Connection.RemoteIpAddress = peer.Address is { } address ? System.Net.IPAddress.Parse(address) : null;
        http.SetEndpoint(Writing);
        var scope = services.ServiceProvider.GetRequiredService<RegistryScope>();
        scope.Enter(http, peer.Caller);
        var result = await new WriteFilter(answers, positions).InvokeAsync(
            EndpointFilterInvocationContext.Create(http), async _ => await scope.EditAsync(edit.CompositionId, (found, findings) => Merge(found, edit, findings), cancellationToken));
        return (result, long.TryParse(http.Response.Headers[PositionFilter.Header], CultureInfo.InvariantCulture, out var position) ? position : null);
    }

    /// <summary>A member that has the wanted value already is no conflict: an edit that is sent again changes nothing.</summary>
    private static CompositionEdit? Merge(Composition found, EditMessage edit, List<Finding> findings)
    {
        if (edit.BaseRevision > found.Revision || edit.BaseRevision < 1)
        {
            findings.Add(new("/base_revision", "unknown_revision", $"The composition is at revision {found.Revision}."));
            return null;
        }

        var wanted = CompositionEditing.Patched(found, edit.Patch.DeepClone().AsObject(), findings);
        if (wanted is null)
        {
            return null;
        }

        var (revisions, open) = (MemberRevisions.Of(found), MemberRevisions.Differences(CompositionEditing.StateOf(CompositionEdit.Of(found)), CompositionEditing.StateOf(wanted)));
        findings.AddRange(MemberRevisions.Named(edit.Patch).Where(m => open.Any(o => MemberRevisions.Overlap(o, m)) && revisions.HasChanged(m, edit.BaseRevision))
            .Select(m => new Finding($"/patch{m}", Conflict, "Somebody else changed it meanwhile.")));
        return findings.Count == 0 ? wanted : null;
    }
}
