using System.Text.Json;
using CapabilityRegistry.Core.Manifests;
using CapabilityRegistry.Data.Events;
using CapabilityRegistry.Data.Model;
using CapabilityRegistry.Data.Tenancy;
using Npgsql;

namespace CapabilityRegistry.Worker.Notifications;

/// <summary>A mail that is to be sent: who gets it and what it tells of. Whoever sends it again sends the same.</summary>
/// <param name="MailId">What its Message-ID is made of.</param>
/// <param name="SubscriptionId">Whose it is.</param>
/// <param name="TenantId">The tenant.</param>
/// <param name="Email">The address.</param>
/// <param name="Digest">How often there is one.</param>
/// <param name="Attempts">How often it has failed.</param>
/// <param name="Notifications">What it lists, the oldest first.</param>
/// <param name="Count">What it tells of, listed or not.</param>
internal sealed record Mail(
    Guid MailId, Guid SubscriptionId, string TenantId, string Email, NotificationDigest Digest, int Attempts, IReadOnlyList<ToldNews> Notifications, int Count);

/// <summary>One notification of a mail.</summary>
internal sealed record ToldNews(NotificationKind Kind, NewsDetails Details, DateTimeOffset OccurredAt);

/// <summary>What is to be told, and the mails under way. No transaction is open while a mail is being sent: a lease says that somebody is at it.</summary>
/// <remarks>What a mail tells of is fixed when it is begun, and its id with it: after a crash between sending and noting it the same mail goes out once more, with the same Message-ID.</remarks>
internal sealed class MailQueue(SystemDatabase database, TimeProvider clock)
{
    /// <summary>How long a worker that dies keeps others away from its mail. Longer than sending may take.</summary>
    public static readonly TimeSpan LeaseTime = TimeSpan.FromMinutes(10);

    private const int MostListed = 100;

    /// <summary>Those of some tenants where anybody wants to hear of anything.</summary>
    public static async Task<IReadOnlySet<string>> ListeningAsync(NpgsqlConnection connection, string[] tenantIds, CancellationToken cancellationToken)
    {
        var listening = new HashSet<string>(StringComparer.Ordinal);
        await using var command = Command(connection, "SELECT DISTINCT tenant_id FROM notification_subscriptions WHERE tenant_id = ANY($1)", (object)tenantIds);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            listening.Add(reader.GetString(0));
        }

        return listening;
    }

    /// <summary>Puts down what an event has to tell, for everybody who wants to hear of it. Doing it again changes nothing.</summary>
    public async Task AddAsync(NpgsqlConnection connection, SequencedEvent e, IReadOnlyList<News> found, CancellationToken cancellationToken)
    {
        if (found.Count == 0)
        {
            return;
        }

        var subscribers = await SubscribersAsync(connection, e, cancellationToken);
        var told = subscribers.SelectMany(s => found.Where(n => s.Kinds.Contains(Words.Of(n.Kind))).Select(n => (Subscriber: s, News: n))).ToArray();
        if (told.Length == 0)
        {
            return;
        }

        var (now, due) = (clock.GetUtcNow(), subscribers.Where(s => told.Any(t => t.Subscriber == s)).ToArray());
        await using var batch = new NpgsqlBatch(connection);
        Add(
            batch,
            """
            INSERT INTO notifications (tenant_id, notification_id, subscription_id, kind, position, subject, details, occurred_at)
            SELECT $1, n.id, n.subscription_id, n.kind, $2, n.subject, n.details::json, $3 FROM unnest($4, $5, $6, $7, $8) AS n (id, subscription_id, kind, subject, details)
            ON CONFLICT (subscription_id, position, kind, subject) DO NOTHING
            """,
            e.TenantId,
            e.Position,
            e.OccurredAt,
            Array.ConvertAll(told, _ => Guid.CreateVersion7(now)),
            Array.ConvertAll(told, t => t.Subscriber.Id),
            Array.ConvertAll(told, t => Words.Of(t.News.Kind)),
            Array.ConvertAll(told, t => t.News.Subject),
            Array.ConvertAll(told, t => JsonSerializer.Serialize(t.News.Details, RegistryJson.Options)));
        Add(
            batch,
            "UPDATE notification_subscriptions s SET due_at = coalesce(s.due_at, new.due) FROM unnest($1, $2) AS new (id, due) WHERE s.subscription_id = new.id",
            Array.ConvertAll(due, s => s.Id),
            Array.ConvertAll(due, s => DigestTimes.Next(s.Digest, now, s.LastSentAt)));
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Takes the mail that has been due for the longest time and that nobody is at; null when there is none.</summary>
    public async Task<Mail?> ClaimAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        while (await DueAsync(connection, now, cancellationToken) is { } due)
        {
            var mailId = due.MailId ?? await BeginAsync(connection, due.Id, now, cancellationToken);
            var mail = await ReadAsync(connection, due, mailId, cancellationToken);
            await ExecuteAsync(
                connection,
                "UPDATE notification_subscriptions SET mail_id = $2, lease_until = CASE WHEN $4 THEN $3 END, due_at = CASE WHEN $4 THEN due_at END WHERE subscription_id = $1",
                [due.Id, mail is null ? DBNull.Value : mailId, now + LeaseTime, mail is not null],
                cancellationToken);
            if (mail is not null)
            {
                await transaction.CommitAsync(cancellationToken);
                return mail;
            }
        }

        await transaction.CommitAsync(cancellationToken);
        return null;
    }

    /// <summary>Notes that the mail server has accepted a mail.</summary>
    public Task SentAsync(Mail mail, CancellationToken cancellationToken) => EndAsync(mail, error: null, cancellationToken);

    /// <summary>Gives a mail up. What comes later is told in another one.</summary>
    public Task ParkAsync(Mail mail, string error, CancellationToken cancellationToken) => EndAsync(mail, error, cancellationToken);

    /// <summary>Leaves a mail to be tried again.</summary>
    public async Task RetryAsync(Mail mail, TimeSpan pause, string error, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await ExecuteAsync(
            connection,
            "UPDATE notification_subscriptions SET due_at = $3, attempts = attempts + 1, last_error = $4, lease_until = NULL WHERE subscription_id = $1 AND mail_id = $2",
            [mail.SubscriptionId, mail.MailId, clock.GetUtcNow() + pause, error],
            cancellationToken);
    }

    private async Task EndAsync(Mail mail, string? error, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);

        // Locked before it is looked whether more has come: who adds something changes this row, too, and is waited for.
        await ExecuteAsync(connection, "SELECT FROM notification_subscriptions WHERE subscription_id = $1 FOR UPDATE", [mail.SubscriptionId], cancellationToken);
        await ExecuteAsync(connection, "UPDATE notifications SET done_at = $3, error = $4 WHERE subscription_id = $1 AND mail_id = $2", [mail.SubscriptionId, mail.MailId, now, Text(error)], cancellationToken);
        await ExecuteAsync(
            connection,
            """
            UPDATE notification_subscriptions s SET mail_id = NULL, attempts = 0, lease_until = NULL, last_error = $4,
                last_sent_at = CASE WHEN $4 IS NULL THEN $3 ELSE last_sent_at END, parked_at = CASE WHEN $4 IS NULL THEN NULL ELSE $3 END,
                due_at = CASE WHEN EXISTS (SELECT FROM notifications n WHERE n.subscription_id = s.subscription_id AND n.mail_id IS NULL) THEN $5 END
            WHERE s.subscription_id = $1 AND s.mail_id = $2
            """,
            [mail.SubscriptionId, mail.MailId, now, Text(error), DigestTimes.Next(mail.Digest, now, lastSent: now)],
            cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private static async Task<List<Subscriber>> SubscribersAsync(NpgsqlConnection connection, SequencedEvent e, CancellationToken cancellationToken)
    {
        var subscribers = new List<Subscriber>();
        await using var command = Command(
            connection,
            "SELECT subscription_id, kinds, digest, last_sent_at FROM notification_subscriptions WHERE tenant_id = $1 AND created_at <= $2 ORDER BY subscription_id",
            e.TenantId,
            e.OccurredAt);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            subscribers.Add(new(
                reader.GetGuid(0), reader.GetFieldValue<string[]>(1), Words.To<NotificationDigest>(reader.GetString(2)), await reader.IsDBNullAsync(3, cancellationToken) ? null : reader.GetFieldValue<DateTimeOffset>(3)));
        }

        return subscribers;
    }

    private static async Task<DueMail?> DueAsync(NpgsqlConnection connection, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var command = Command(
            connection,
            """
            SELECT subscription_id, tenant_id, email, digest, attempts, mail_id FROM notification_subscriptions
            WHERE due_at <= $1 AND (lease_until IS NULL OR lease_until <= $1) ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED
            """,
            now);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new(
                reader.GetGuid(0), reader.GetString(1), reader.GetString(2), Words.To<NotificationDigest>(reader.GetString(3)), reader.GetInt32(4), await reader.IsDBNullAsync(5, cancellationToken) ? null : reader.GetGuid(5))
            : null;
    }

    private static async Task<Guid> BeginAsync(NpgsqlConnection connection, Guid subscriptionId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var mailId = Guid.CreateVersion7(now);
        await ExecuteAsync(connection, "UPDATE notifications SET mail_id = $2 WHERE subscription_id = $1 AND mail_id IS NULL", [subscriptionId, mailId], cancellationToken);
        return mailId;
    }

    /// <summary>Null when there is nothing to tell.</summary>
    private static async Task<Mail?> ReadAsync(NpgsqlConnection connection, DueMail due, Guid mailId, CancellationToken cancellationToken)
    {
        var (notifications, count) = (new List<ToldNews>(), 0);
        await using var command = Command(
            connection,
            "SELECT kind, details::text, occurred_at, (count(*) OVER ())::int FROM notifications WHERE subscription_id = $1 AND mail_id = $2 ORDER BY position, kind, subject LIMIT $3",
            due.Id,
            mailId,
            MostListed);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            notifications.Add(new(Words.To<NotificationKind>(reader.GetString(0)), JsonSerializer.Deserialize<NewsDetails>(reader.GetString(1), RegistryJson.Options)!, reader.GetFieldValue<DateTimeOffset>(2)));
            count = reader.GetInt32(3);
        }

        return count == 0 ? null : new(mailId, due.Id, due.TenantId, due.Email, due.Digest, due.Attempts, notifications, count);
    }

    private static object Text(string? text) => text is null ? new NpgsqlParameter { Value = DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text } : text;

    private static void Add(NpgsqlBatch batch, string sql, params object[] values)
    {
        var command = batch.CreateBatchCommand();
        command.CommandText = sql;
        Array.ForEach(values, v => command.Parameters.Add(new NpgsqlParameter { Value = v }));
        batch.BatchCommands.Add(command);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, object[] values, CancellationToken cancellationToken)
    {
        await using var command = Command(connection, sql, values);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, params object[] values)
    {
        var command = new NpgsqlCommand(sql, connection);
        Array.ForEach(values, v => command.Parameters.Add(v as NpgsqlParameter ?? new NpgsqlParameter { Value = v }));
        return command;
    }

    private sealed record Subscriber(Guid Id, string[] Kinds, NotificationDigest Digest, DateTimeOffset? LastSentAt);

    private sealed record DueMail(Guid Id, string TenantId, string Email, NotificationDigest Digest, int Attempts, Guid? MailId);
}
