using System.Net;

namespace CapabilityRegistry.Data.Search.Elasticsearch;

/// <summary>Brings documents into an index: in requests of bounded size, each document until it is in, or refused for good.</summary>
internal sealed class BulkWriter(ElasticsearchClient client, TimeProvider clock)
{
    private const int MostDocuments = 500;
    private const int MostBytes = 5 * 1024 * 1024;
    private const int Rounds = 5;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);

    /// <summary>Writes all of them.</summary>
    /// <returns>False when there is no such alias.</returns>
    /// <exception cref="ElasticsearchUnavailableException">Some are not in: the index takes nothing at present.</exception>
    /// <exception cref="ElasticsearchException">Some can never be in; all the others are.</exception>
    public async Task<bool> WriteAsync(string alias, IReadOnlyList<VersionedDocument> documents, CancellationToken cancellationToken)
    {
        var refused = new List<string>();
        foreach (var part in Parts(documents))
        {
            if (!await WritePartAsync(alias, part, refused, cancellationToken))
            {
                return false;
            }
        }

        return refused.Count == 0 ? true : throw new ElasticsearchException((int)HttpStatusCode.BadRequest, string.Join("; ", refused.Take(10)));
    }

    private async Task<bool> WritePartAsync(string alias, VersionedDocument[] part, List<string> refused, CancellationToken cancellationToken)
    {
        for (var round = 1; part.Length > 0; round++)
        {
            IReadOnlyList<BulkItem> items;
            try
            {
                items = await client.BulkAsync(alias, part, cancellationToken);
            }
            catch (ElasticsearchException exception) when (exception.Status == (int)HttpStatusCode.RequestEntityTooLarge)
            {
                return await WriteHalvesAsync(alias, part, refused, exception, cancellationToken);
            }

            if (items.Any(item => item.Status == (int)HttpStatusCode.NotFound))
            {
                return false;
            }

            refused.AddRange(part.Zip(items).Where(p => IsRefused(p.Second.Status)).Select(p => $"{p.First.Key}: {p.Second.Status} {ErrorText.Of(p.Second.Error)}"));
            var busy = items.FirstOrDefault(item => IsBusy(item.Status));
            part = [.. part.Zip(items).Where(p => IsBusy(p.Second.Status)).Select(p => p.First)];
            if (busy is not null)
            {
                await PauseAsync(round, busy, cancellationToken);
            }
        }

        return true;
    }

    private async Task<bool> WriteHalvesAsync(string alias, VersionedDocument[] part, List<string> refused, ElasticsearchException exception, CancellationToken cancellationToken)
    {
        if (part.Length == 1)
        {
            refused.Add($"{part[0].Key}: {exception.Message}");
            return true;
        }

        var half = part.Length / 2;
        return await WritePartAsync(alias, part[..half], refused, cancellationToken) && await WritePartAsync(alias, part[half..], refused, cancellationToken);
    }

    /// <summary>Some documents may be too many for a moment, or for long: a disk that is full is answered item by item, with 429.</summary>
    private async Task PauseAsync(int round, BulkItem busy, CancellationToken cancellationToken)
    {
        if (round == Rounds)
        {
            throw new ElasticsearchUnavailableException(busy.Status, ErrorText.Of(busy.Error));
        }

        await Task.Delay(FirstPause * Math.Pow(2, round - 1) * (0.5 + Random.Shared.NextDouble() / 2), clock, cancellationToken);
    }

    private static bool IsBusy(int status) => status is 429 or >= 500;

    /// <summary>A version conflict says that the index has the same or something newer.</summary>
    private static bool IsRefused(int status) => status is >= 300 and < 500 and not (409 or 429);

    private static IEnumerable<VersionedDocument[]> Parts(IReadOnlyList<VersionedDocument> documents)
    {
        var (from, bytes) = (0, 0);
        for (var i = 0; i < documents.Count; i++)
        {
            var size = documents[i].Utf8.Length;
            if (i > from && (i - from == MostDocuments || bytes + size > MostBytes))
            {
                yield return [.. documents.Skip(from).Take(i - from)];
                (from, bytes) = (i, 0);
            }

            bytes += size;
        }

        if (from < documents.Count)
        {
            yield return [.. documents.Skip(from)];
        }
    }
}
