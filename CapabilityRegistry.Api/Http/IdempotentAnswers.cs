using System.Security.Cryptography;
using System.Text;
using CapabilityRegistry.Data.Model;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;

namespace CapabilityRegistry.Api.Http;

/// <summary>How long answers are kept for repeats.</summary>
internal sealed class IdempotencyOptions
{
    public const string SectionName = "Idempotency";

    [System.ComponentModel.DataAnnotations.Range(1, 24 * 30)]
    public int LifetimeHours { get; set; } = 24;

    /// <summary>How long a repeat waits for an attempt that is still at work.</summary>
    [System.ComponentModel.DataAnnotations.Range(1, 60)]
    public int WaitSeconds { get; set; } = 10;
}

/// <summary>A write that may be repeated.</summary>
internal sealed record IdempotentRequest(string Key, byte[] Hash)
{
    public const string Header = "Idempotency-Key";

    private const int LongestKey = 255;

    /// <summary>The request as its key names it; null when it has none or is no POST.</summary>
    /// <exception cref="ProblemException">The key is none.</exception>
    public static IdempotentRequest? Of(EndpointFilterInvocationContext context)
    {
        var request = context.HttpContext.Request;
        if (!HttpMethods.IsPost(request.Method) || !request.Headers.TryGetValue(Header, out var header))
        {
            return null;
        }

        var key = header.ToString();
        if (header.Count != 1 || key.Length is 0 or > LongestKey || key.Any(c => c is < '!' or > '~'))
        {
            throw new ProblemException(Problems.Invalid("", "invalid_idempotency_key", $"{Header} must be one key of 1 to {LongestKey} visible ASCII characters."));
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{request.Method} {request.Path}{request.QueryString}\n{request.ContentType}\n"));
        hash.AppendData((context.Arguments.OfType<IRequestBody>().FirstOrDefault()?.Utf8 ?? default).Span);
        return new(key, hash.GetHashAndReset());
    }
}

/// <summary>Keeps the first answer to a write and gives it again to repeats, however many come at once.</summary>
/// <remarks>A repeat waits on an advisory lock until the first attempt has ended. The answer is kept in the transaction of what it answers: either both are there or neither.
/// Refusals are not kept. Answers can hold a secret that is shown once, so they are encrypted.</remarks>
internal sealed class IdempotentAnswers(IDataProtectionProvider protection, IOptions<IdempotencyOptions> options)
{
    private readonly Turns _turns = new();
    private readonly IDataProtector _protector = protection.CreateProtector("registry.idempotent-answers");

    /// <summary>Waits until no other attempt of this process is at work, without a connection to the database: a storm of repeats must not take them all. Between processes the lock in
    /// the database decides.</summary>
    /// <exception cref="ProblemException">The other attempt takes too long.</exception>
    public async Task<IDisposable> TakeTurnAsync(IdempotentRequest request, RegistryScope scope, CancellationToken cancellationToken) =>
        await _turns.TakeAsync(NameOf(request, scope), TimeSpan.FromSeconds(options.Value.WaitSeconds), cancellationToken) ?? throw new ProblemException(Problems.Busy());

    /// <summary>The same for all requests of a client to an operation that it has one of at a time.</summary>
    /// <exception cref="ProblemException">The other request takes too long.</exception>
    public async Task<IDisposable> TakeClientTurnAsync(RegistryScope scope, CancellationToken cancellationToken) =>
        await _turns.TakeAsync($"{scope.TenantId}\n{scope.Caller.ClientId}", TimeSpan.FromSeconds(options.Value.WaitSeconds), cancellationToken) ?? throw new ProblemException(Problems.SyncBusy());

    /// <summary>The answer to an earlier attempt, or a refusal when that one was another request; null when this is the first.</summary>
    public async Task<object?> FindAsync(IdempotentRequest request, RegistryScope scope, CancellationToken cancellationToken)
    {
        await LockAsync(request, scope, cancellationToken);
        var found = await scope.Database.IdempotentAnswers.AsNoTracking()
            .FirstOrDefaultAsync(a => a.ClientId == scope.Caller.ClientId && a.IdempotencyKey == request.Key && a.ExpiresAt > scope.Now, cancellationToken);
        return found is null ? null
            : found.RequestHash.AsSpan().SequenceEqual(request.Hash) ? new Repeated(found.Status, _protector.Unprotect(found.Body), found.Location)
            : Problems.KeyReused();
    }

    /// <summary>Keeps an answer, in place of one that has expired.</summary>
    public async Task KeepAsync(IdempotentRequest request, object? result, RegistryScope scope, CancellationToken cancellationToken)
    {
        var body = result is IValueHttpResult { Value: { } value } ? Representation.Serialize(value) : [];
        await scope.Database.IdempotentAnswers.Where(a => a.ClientId == scope.Caller.ClientId && a.IdempotencyKey == request.Key).ExecuteDeleteAsync(cancellationToken);
        scope.Database.IdempotentAnswers.Add(new IdempotentAnswer
        {
            TenantId = scope.TenantId,
            ClientId = scope.Caller.ClientId,
            IdempotencyKey = request.Key,
            RequestHash = request.Hash,
            Status = (short)((result as IStatusCodeHttpResult)?.StatusCode ?? StatusCodes.Status200OK),
            Location = result is null ? null : EntityTagFilter.Results.LocationOf(result),
            Body = _protector.Protect(body),
            CreatedAt = scope.Now,
            ExpiresAt = scope.Now + TimeSpan.FromHours(options.Value.LifetimeHours),
        });
        await scope.Database.SaveChangesAsync(cancellationToken);
    }

    /// <summary>Other processes are waited for here. That one is slow is no failure of the database: the transaction is not tried again.</summary>
    private async Task LockAsync(IdempotentRequest request, RegistryScope scope, CancellationToken cancellationToken)
    {
        var sql = $"SET LOCAL lock_timeout = '{options.Value.WaitSeconds}s'; SELECT pg_advisory_xact_lock(hashtextextended(@key, 0)); SET LOCAL lock_timeout = DEFAULT";
        await using var wait = new NpgsqlCommand(sql, scope.Connection);
        wait.Parameters.AddWithValue("key", NameOf(request, scope));
        try
        {
            await wait.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            throw new ProblemException(Problems.Busy());
        }
    }

    private static string NameOf(IdempotentRequest request, RegistryScope scope) => $"{scope.TenantId}\n{scope.Caller.ClientId}\n{request.Key}";

    /// <summary>The first answer, again.</summary>
    private sealed class Repeated(int status, byte[] json, string? location) : Representation(status, json, location)
    {
        public override void AddHeaders(IHeaderDictionary headers)
        {
            headers["Idempotency-Replayed"] = "true";
            base.AddHeaders(headers);
        }
    }
}
