using CapabilityRegistry.Core.Manifests;
using CapabilityRegistry.Data.Events;
using CapabilityRegistry.Data.Model;
using CapabilityRegistry.Data.Tenancy;
using Microsoft.Extensions.Options;
using Npgsql;

namespace CapabilityRegistry.Worker.Notifications;

/// <summary>Finds in the sequence what subscribers want to hear of, and puts it down for the next mail.</summary>
/// <remarks>It follows the sequence while notifications are off, too, and forgets what it reads: so switching them on tells nobody of the past, and the sequence is not kept for it.</remarks>
internal sealed class NotificationConsumer(SystemDatabase database, MailQueue queue, IOptions<NotificationOptions> options, TimeProvider clock) : IEventConsumer
{
    /// <summary>The type of the event that webhooks' own automatic end has.</summary>
    private const string WebhookDisabled = "webhook.disabled";

    /// <summary>What is older is no news: the consumer has been away.</summary>
    private static readonly TimeSpan NewsFor = TimeSpan.FromDays(1);

    public string Name => "notifications";

    public int BatchSize => 500;

    public async Task HandleAsync(IReadOnlyList<SequencedEvent> batch, CancellationToken cancellationToken)
    {
        var oldest = clock.GetUtcNow() - NewsFor;
        var news = batch.Where(e => e.OccurredAt >= oldest && e.EventType is EventTypes.VersionLifecycleChanged or EventTypes.CapabilityDeleted or WebhookDisabled).ToArray();
        if (!options.Value.Enabled || news.Length == 0)
        {
            return;
        }

        await using var connection = await database.OpenAsync(cancellationToken);
        var listening = await MailQueue.ListeningAsync(connection, [.. news.Select(e => e.TenantId).Distinct()], cancellationToken);
        foreach (var e in news.Where(e => listening.Contains(e.TenantId)))
        {
            var found = e.EventType switch
            {
                EventTypes.VersionLifecycleChanged => await OfVersionAsync(connection, e, cancellationToken),
                EventTypes.CapabilityDeleted => await OfCapabilityAsync(connection, e, cancellationToken),
                _ => [new(NotificationKind.WebhookDisabled, $"{e.WebhookId}", new() { WebhookId = e.WebhookId })],
            };
            await queue.AddAsync(connection, e, found, cancellationToken);
        }
    }

    private static async Task<IReadOnlyList<News>> OfVersionAsync(NpgsqlConnection connection, SequencedEvent e, CancellationToken cancellationToken)
    {
        if (e is not { VersionId: { } versionId, CapabilityCode: { } code, Version: { } version } || await LifecycleAsync(connection, versionId, cancellationToken) is not { } lifecycle)
        {
            return [];
        }

        var (state, message, replacedBy) = lifecycle;
        var compositions = state is LifecycleState.Active ? [] : await CompositionsAsync(connection, e.TenantId, code, version, cancellationToken);
        if (compositions.Count == 0)
        {
            return [];
        }

        var details = new NewsDetails { CapabilityCode = code, Version = version, State = state, Message = message, ReplacedBy = replacedBy };
        return
        [
            new(NotificationKind.VersionInUse, $"{code}@{version}", details with { Compositions = [.. compositions.Take(NewsDetails.MostCompositions).Select(c => c.Name)], CompositionCount = compositions.Count }),
            .. state is LifecycleState.Retired ? compositions.Select(c => Broken(c, details)) : [],
        ];
    }

    private static async Task<IReadOnlyList<News>> OfCapabilityAsync(NpgsqlConnection connection, SequencedEvent e, CancellationToken cancellationToken)
    {
        if (e is not { CapabilityId: { } id, CapabilityCode: { } code } || !await IsDeletedAsync(connection, id, cancellationToken))
        {
            return [];
        }

        var compositions = await CompositionsAsync(connection, e.TenantId, code, version: null, cancellationToken);
        return [.. compositions.Select(c => Broken(c, new() { CapabilityCode = code }))];
    }

    private static News Broken(UsingComposition c, NewsDetails details) => new(NotificationKind.CompositionBroken, $"{c.Id}", details with { CompositionId = c.Id, Compositions = [c.Name], CompositionCount = 1 });

    /// <summary>As it is now: an event that comes late tells of what has been mended meanwhile.</summary>
    private static async Task<(LifecycleState State, string? Message, string? ReplacedBy)?> LifecycleAsync(NpgsqlConnection connection, Guid versionId, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT lifecycle, lifecycle_message, replaced_by FROM capability_versions WHERE version_id = $1", connection) { Parameters = { new() { Value = versionId } } };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? (Words.To<LifecycleState>(reader.GetString(0)), await reader.IsDBNullAsync(1, cancellationToken) ? null : reader.GetString(1), await reader.IsDBNullAsync(2, cancellationToken) ? null : reader.GetString(2))
            : null;
    }

    private static async Task<bool> IsDeletedAsync(NpgsqlConnection connection, Guid capabilityId, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT deleted_at IS NOT NULL FROM capabilities WHERE capability_id = $1", connection) { Parameters = { new() { Value = capabilityId } } };
        return await command.ExecuteScalarAsync(cancellationToken) is true;
    }

    /// <summary>The compositions whose lock names a version, or any version of a capability.</summary>
    private static async Task<List<UsingComposition>> CompositionsAsync(NpgsqlConnection connection, string tenantId, string code, string? version, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            """
            SELECT c.composition_id, c.name FROM compositions c JOIN composition_locks l ON l.composition_id = c.composition_id
            WHERE c.tenant_id = $1 AND EXISTS (
                SELECT FROM json_array_elements(l.document -> 'lock' -> 'versions') AS v WHERE v ->> 'capability_code' = $2 AND ($3::text IS NULL OR v ->> 'version' = $3))
            ORDER BY c.name
            """,
            connection)
        {
            Parameters = { new() { Value = tenantId }, new() { Value = code }, new() { Value = (object?)version ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text } },
        };
        var compositions = new List<UsingComposition>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            compositions.Add(new(reader.GetGuid(0), reader.GetString(1)));
        }

        return compositions;
    }

    private sealed record UsingComposition(Guid Id, string Name);
}

/// <summary>Something that subscribers may want to hear of.</summary>
/// <param name="Kind">The kind that they subscribe to.</param>
/// <param name="Subject">What it is about; with the event and the kind it says what is told already.</param>
/// <param name="Details">What there is to tell.</param>
internal sealed record News(NotificationKind Kind, string Subject, NewsDetails Details);

/// <summary>What there is to tell; kept as JSON until it is told.</summary>
internal sealed record NewsDetails
{
    /// <summary>The compositions that a mail names; of more it says how many.</summary>
    public const int MostCompositions = 10;

    public string? CapabilityCode { get; init; }

    public string? Version { get; init; }

    /// <summary>Null where a capability was deleted.</summary>
    public LifecycleState? State { get; init; }

    public string? Message { get; init; }

    public string? ReplacedBy { get; init; }

    public Guid? CompositionId { get; init; }

    public IReadOnlyList<string> Compositions { get; init; } = [];

    public int CompositionCount { get; init; }

    public Guid? WebhookId { get; init; }
}
