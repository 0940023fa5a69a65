using System.Buffers;
using System.Text.Json;
using CapabilityRegistry.Api.Events;
using CapabilityRegistry.Api.Http;
using CapabilityRegistry.Core.Manifests;
using CapabilityRegistry.Core.Versions;
using CapabilityRegistry.Data.Writing;
using Microsoft.AspNetCore.Mvc;

namespace CapabilityRegistry.Api.Capabilities;

/// <summary>NDJSON of manifests in, NDJSON of outcomes out, in order, as it goes. What has been answered is committed.</summary>
/// <remarks>Holds one batch in memory. The caller must read while it sends, or send less than the buffers of the connection hold at a time.</remarks>
internal static partial class ImportCatalogue
{
    private const int LinesPerBatch = 500;
    private const int BytesPerBatch = 4 * 1024 * 1024;

    [DisableRequestSizeLimit]
    public static async Task<IResult> HandleAsync(
        HttpContext http, [FromQuery(Name = "on_conflict")] string? onConflict, [FromQuery(Name = "dry_run")] bool? dryRun, RegistryScope scope, CatalogueImporter importer)
    {
        if (http.Request.ContentType is not { } type || !(type.StartsWith("application/x-ndjson", StringComparison.OrdinalIgnoreCase) || type.StartsWith("application/jsonl", StringComparison.OrdinalIgnoreCase)))
        {
            return Problems.UnsupportedMediaType("application/x-ndjson");
        }

        if (onConflict is not (null or "skip" or "fail" or "update"))
        {
            return Problems.Invalid("?on_conflict", "invalid_value", $"'{onConflict}' is none of skip, fail, update.");
        }

        var context = new WriteContext(scope.Actor, scope.Now, Words.To<OnConflict>(onConflict ?? "fail"));
        await using var rehearsal = dryRun is true ? await importer.RehearseAsync(scope.TenantId, http.RequestAborted) : null;
        var pages = http.RequestServices.GetRequiredService<CapabilityPages>();
        if (http.Response.SupportsTrailers())
        {
            http.Response.DeclareTrailer(PositionFilter.Header);
        }

        var import = new Import(http, context, pages, rehearsal is null ? importer.WriteAsync : rehearsal.WriteAsync);
        try
        {
            await import.RunAsync(http.RequestAborted);
        }
        catch
        {
            // A batch may have been kept although nobody heard of it.
            pages.ForgetAll();
            throw;
        }

        if (rehearsal is null && await http.RequestServices.GetRequiredService<WritePositions>().AfterAsync() is { } position && http.Response.SupportsTrailers())
        {
            http.Response.AppendTrailer(PositionFilter.Header, position);
        }

        Log.Imported(http.RequestServices.GetRequiredService<ILogger<Import>>(), scope.TenantId, import.Lines, import.Failed);
        return Results.Empty;
    }

    /// <summary>The state of one import.</summary>
    internal sealed class Import(HttpContext http, WriteContext context, CapabilityPages pages, Func<IReadOnlyList<Release>, WriteContext, CancellationToken, Task<IReadOnlyList<WriteOutcome>>> write)
    {
        private readonly HashSet<(string Code, SemanticVersion Version)> _inBatch = [];
        private List<ReadLine> _batch = [];
        private Task _writing = Task.CompletedTask;
        private int _bytes;

        public int Lines { get; private set; }

        public int Failed { get; private set; }

        public async Task RunAsync(CancellationToken cancellationToken)
        {
            http.Response.ContentType = "application/x-ndjson";
            var lines = new NdjsonReader(http.Request.Body, ManifestLimits.Bytes);
            try
            {
                while (await lines.ReadAsync(cancellationToken) is { } line)
                {
                    await AddAsync(line, cancellationToken);
                }

                await FlushAsync(cancellationToken);
            }
            finally
            {
                await _writing;
            }
        }

        private async Task AddAsync(NdjsonLine line, CancellationToken cancellationToken)
        {
            Lines++;
            var findings = new List<Finding>();
            Release? release = null;
            if (line.IsTooLong)
            {
                findings.Add(new("", "too_long", $"A manifest has at most {ManifestLimits.Bytes} bytes; this line has {line.Length}."));
            }
            else
            {
                release = ManifestReader.Read(line.Utf8, findings);
            }

            if (release is not null && !_inBatch.Add((release.Code, release.Version)))
            {
                await FlushAsync(cancellationToken);
                _inBatch.Add((release.Code, release.Version));
            }

            _batch.Add(new(line.Number, release, findings));
            _bytes += line.Utf8.Length;
            if (_batch.Count >= LinesPerBatch || _bytes >= BytesPerBatch)
            {
                await FlushAsync(cancellationToken);
            }
        }

        /// <summary>Hands the batch over to be written, once the one before it is: lines are read and checked while the database works.</summary>
        private async Task FlushAsync(CancellationToken cancellationToken)
        {
            await _writing;
            var batch = _batch;
            (_batch, _bytes) = ([], 0);
            _inBatch.Clear();
            _writing = batch.Count == 0 ? Task.CompletedTask : WriteAndAnswerAsync(batch, cancellationToken);
        }

        private async Task WriteAndAnswerAsync(List<ReadLine> batch, CancellationToken cancellationToken)
        {
            var outcomes = await WriteAsync([.. batch.Select(b => b.Release).OfType<Release>()], cancellationToken);
            var next = 0;
            foreach (var (line, release, findings) in batch)
            {
                Answer(release is null ? Outcome.Refused(line, findings) : Kept(line, release, outcomes[next++]));
            }

            await http.Response.BodyWriter.FlushAsync(cancellationToken);
        }

        /// <summary>Who hears that a line is kept must not read what was before it.</summary>
        private Outcome Kept(int line, Release release, WriteOutcome outcome)
        {
            if (outcome.Wrote)
            {
                pages.Forget(context.TenantId, outcome.CapabilityId, release.Code);
            }

            return Outcome.Of(line, release, outcome);
        }

        /// <summary>When the database goes away after answers have been sent, the connection is cut: half an answer must not look like a whole one.</summary>
        private async Task<IReadOnlyList<WriteOutcome>> WriteAsync(Release[] releases, CancellationToken cancellationToken)
        {
            try
            {
                return releases.Length == 0 ? [] : await write(releases, context, cancellationToken);
            }
            catch (Exception exception) when (http.Response.HasStarted && ProblemExceptionHandler.IsOutage(exception))
            {
                http.Abort();
                throw;
            }
        }

        private void Answer(Outcome outcome)
        {
            Failed += outcome.Status == "failed" ? 1 : 0;
            using (var json = new Utf8JsonWriter(http.Response.BodyWriter, RegistryJson.Compact))
            {
                JsonSerializer.Serialize(json, outcome, RegistryJson.Options);
            }

            http.Response.BodyWriter.Write("\n"u8);
        }
    }

    private sealed record ReadLine(int Line, Release? Release, IReadOnlyList<Finding> Findings);

    /// <summary>How one line ended.</summary>
    internal sealed record Outcome(
        int Line, string Status, string? CapabilityCode = null, string? Version = null, Guid? CapabilityId = null, Guid? VersionId = null, string? ErrorCode = null, IReadOnlyList<Finding>? Errors = null)
    {
        public static Outcome Refused(int line, IReadOnlyList<Finding> findings) => new(line, "failed", ErrorCode: "VALIDATION_ERROR", Errors: findings);

        public static Outcome Of(int line, Release release, WriteOutcome outcome)
        {
            var (code, version) = (release.Code, release.Version.ToString());
            if (outcome.Status is WriteStatus.Created or WriteStatus.Updated or WriteStatus.Unchanged or WriteStatus.Skipped)
            {
                return new(line, Words.Of(outcome.Status), code, version, outcome.CapabilityId, outcome.VersionId);
            }

            var problem = WriteProblems.Of(outcome, release);
            return new(line, "failed", code, version, ErrorCode: problem.ErrorCode, Errors: [new("", Words.Of(outcome.Status), problem.Detail)]);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Import into {TenantId} ended after {Lines} lines, {Failed} of them failed.")]
        public static partial void Imported(ILogger logger, string tenantId, int lines, int failed);
    }
}
