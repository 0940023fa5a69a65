using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json;
using CapabilityRegistry.Tests.Testing;

namespace CapabilityRegistry.Tests.Api;

public sealed class ImportTests(RegistryFixture registry) : IClassFixture<RegistryFixture>
{
    private RegistryApp App => registry.App;

    [Fact]
    public async Task An_export_is_the_import_and_importing_it_again_changes_nothing()
    {
        string[] lines =
        [
            Sample.Manifest("export-a", "1.0.0", Sample.Needs("export-b", "^1.0.0")),
            Sample.Manifest("export-a", "1.1.0-rc.1", "", """ "metadata":{"nested":[1,2.50,{"x":"ÿ🚀\u0041"}],"big":1e400} """.Trim()),
            Sample.Manifest("export-b", "1.0.0", "", """ "composition_keywords":[],"lifecycle":{"state":"yanked","message":"bad"}""".Trim()),
        ];
        Assert.All(await App.ImportAsync(string.Join('\n', lines), tenant: "export"), o => Assert.Equal("created", Status(o)));

        var export = await App.GetAsync("/api/capabilities/export", tenant: "export");
        Assert.Equal(lines, export.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.All(await App.ImportAsync(export.Text, tenant: "export"), o => Assert.Equal("unchanged", Status(o)));
        Assert.All(await App.ImportAsync(export.Text, tenant: "export-copy"), o => Assert.Equal("created", Status(o)));
        Assert.Equal(export.Text, (await App.GetAsync("/api/capabilities/export", tenant: "export-copy")).Text);
    }

    [Theory]
    [InlineData("", "failed")]
    [InlineData("?on_conflict=fail", "failed")]
    [InlineData("?on_conflict=skip", "skipped")]
    [InlineData("?on_conflict=update", "updated")]
    public async Task Another_description_of_an_existing_version_is_handled_as_asked(string query, string expected)
    {
        var tenant = $"conflict{query.Replace("?on_conflict=", "-", StringComparison.Ordinal)}";
        await App.ImportAsync(Sample.Manifest("conflicting"), tenant: tenant);
        var other = Sample.Manifest("conflicting").Replace("The conflicting capability", "Another text", StringComparison.Ordinal);
        Assert.Equal(expected, Status((await App.ImportAsync(other, query, tenant))[0]));
        Assert.Equal(expected == "updated", (await App.GetAsync("/api/capabilities/conflicting", tenant)).Text.Contains("Another text", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_others_build_on_is_never_updated()
    {
        await App.ImportAsync(Sample.Manifest("immutable"));
        var outcome = (await App.ImportAsync(Sample.Manifest("immutable", "1.0.0", Sample.Needs("new")), "?on_conflict=update"))[0];
        Assert.Equal(("failed", "version_immutable"), (Status(outcome), outcome.GetProperty("errors")[0].GetProperty("code").GetString()));
    }

    [Fact]
    public async Task A_version_twice_in_one_import_is_created_once()
    {
        var line = Sample.Manifest("repeated");
        Assert.Equal(["created", "unchanged", "failed"], (await App.ImportAsync($"{line}\n{line}\n{line.Replace("The ", "A ", StringComparison.Ordinal)}")).Select(Status));
    }

    [Fact]
    public async Task Bad_lines_are_answered_each_with_its_own_findings_and_the_rest_goes_on()
    {
        var bad = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["""{"capability_code":"bad","version":"1.0."""] = "invalid_json",
            ["nonsense"] = "invalid_json",
            ["[]"] = "wrong_type",
            ["""{"capability_code":"bad"}"""] = "missing_member",
            ["""{"capability_code":"bad","version":"1.0.0","versoin":1}"""] = "unknown_member",
            ["""{"capability_code":"bad","version":1}"""] = "wrong_type",
            ["""{"capability_code":"bad","version":"1.0"}"""] = "invalid_version",
            ["""{"capability_code":"bad","version":"1.0.99999999999999999999"}"""] = "invalid_version",
            ["{\"capability_code\":\"\u212A-kelvin\",\"version\":\"1.0.0\"}"] = "invalid_code",
            ["""{"capability_code":"ba\u0000d","version":"1.0.0"}"""] = "invalid_unicode",
            ["""{"capability_code":"bad","version":"1.0.0","description":"\ud800"}"""] = "invalid_unicode",
            ["""{"capability_code":"bad","version":"1.0.0","version":"2.0.0"}"""] = "invalid_json",
            ["""{"capability_code":"bad","version":"1.0.0","dependencies":[{"capability_code":"x","version_range":"^^1"}]}"""] = "invalid_range",
            [$"{Sample.Manifest("bad", more: $"\"metadata\":{{\"x\":{new string((char)91, 1000)}{new string((char)93, 1000)}}}")}"] = "invalid_json",
            [$$"""{"capability_code":"bad","version":"1.0.0","dependencies":[{{string.Join(',', Enumerable.Repeat("""{"capability_code":"x"}""", 10_000))}}]}"""] = "too_many",
            [$$"""{"capability_code":"bad","version":"1.0.0","description":"{{new string('x', 2 * 1024 * 1024)}}"}"""] = "too_long",
        };
        var lines = bad.Keys.Select((line, i) => $"{line}\n{Sample.Manifest($"good-{i}")}");

        var outcomes = await App.ImportAsync(string.Join('\n', lines), tenant: "bad-lines");

        Assert.Equal(bad.Count * 2, outcomes.Length);
        Assert.Equal(bad.Values, outcomes.Where((_, i) => i % 2 == 0).Select(o => o.GetProperty("errors")[0].GetProperty("code").GetString()!));
        Assert.All(outcomes.Where((_, i) => i % 2 == 1), o => Assert.Equal("created", Status(o)));
        Assert.Equal(Enumerable.Range(1, outcomes.Length), outcomes.Select(o => o.GetProperty("line").GetInt32()));
    }

    [Fact]
    public async Task Bytes_that_are_no_utf8_are_refused_and_a_huge_prerelease_number_is_not()
    {
        var line = Encoding.Latin1.GetBytes("{\"capability_code\":\"latin\",\"version\":\"1.0.0\",\"description\":\"caf\u00e9\"}\n" + Sample.Manifest("huge", "1.0.0-99999999999999999999"));
        using var content = new ByteArrayContent(line);
        content.Headers.ContentType = new("application/x-ndjson");
        using var response = await App.Http.PostAsync("/api/capabilities/import", content, TestContext.Current.CancellationToken);
        var outcomes = (await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Contains("invalid_utf8", outcomes[0], StringComparison.Ordinal);
        Assert.Contains("\"created\"", outcomes[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_line_of_100_megabytes_is_dropped_as_it_comes()
    {
        using var content = new StreamContent(new RepeatingStream((byte)'x', 100_000_000, Encoding.UTF8.GetBytes($"\n{Sample.Manifest("after-huge-line")}")));
        content.Headers.ContentType = new("application/x-ndjson");
        using var response = await App.Http.PostAsync("/api/capabilities/import", content, TestContext.Current.CancellationToken);
        var outcomes = (await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Contains("this line has 100000000", outcomes[0], StringComparison.Ordinal);
        Assert.Contains("\"created\"", outcomes[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Blank_lines_and_carriage_returns_are_no_manifests_but_count_as_lines()
    {
        var outcomes = await App.ImportAsync($"\r\n\n{Sample.Manifest("blank")}\r\n   \n");
        Assert.Equal(3, Assert.Single(outcomes).GetProperty("line").GetInt32());
    }

    [Fact]
    public async Task A_gzip_body_is_read()
    {
        using var compressed = new MemoryStream();
        await using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
        {
            await gzip.WriteAsync(Encoding.UTF8.GetBytes(Sample.Manifest("gzipped")), TestContext.Current.CancellationToken);
        }

        using var content = new ByteArrayContent(compressed.ToArray());
        content.Headers.ContentType = new("application/x-ndjson");
        content.Headers.ContentEncoding.Add("gzip");
        using var response = await App.Http.PostAsync("/api/capabilities/import", content, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(200, (await App.GetAsync("/api/capabilities/gzipped")).Status);
    }

    [Fact]
    public async Task Concurrent_imports_of_the_same_catalogue_make_every_version_once()
    {
        var lines = string.Join('\n', Enumerable.Range(0, 600).Select(i => Sample.Manifest($"concurrent-{i}", "1.0.0", Sample.Needs($"concurrent-{(i + 7) % 600}"))));
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => App.ImportAsync(lines, tenant: "concurrent")));
        Assert.Equal(600, outcomes.SelectMany(o => o).Count(o => Status(o) == "created"));
        Assert.Equal(1800, outcomes.SelectMany(o => o).Count(o => Status(o) == "unchanged"));
    }

    [Fact]
    public async Task The_platforms_own_catalogue_goes_in_and_comes_out()
    {
        var path = Catalogues.Find("apg.ndjson.gz");
        Assert.SkipWhen(path is null, Catalogues.Missing);
        await using var file = new GZipStream(File.OpenRead(path!), CompressionMode.Decompress);
        var lines = await new StreamReader(file).ReadToEndAsync(TestContext.Current.CancellationToken);

        Assert.All(await App.ImportAsync(lines, tenant: "apg"), o => Assert.Equal("created", Status(o)));

        var export = (await App.GetAsync("/api/capabilities/export", "apg")).Text;
        Assert.Equal(lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal), export.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task An_import_without_the_right_type_or_mode_is_refused_whole()
    {
        Assert.Equal(415, (await App.PostAsync("/api/capabilities/import", Sample.Manifest("x"))).Status);
        var answer = await App.SendAsync(HttpMethod.Post, "/api/capabilities/import?on_conflict=overwrite", Sample.Manifest("x"), "application/x-ndjson");
        Assert.Equal(["?on_conflict"], answer.ErrorPointers);
    }

    [Theory]
    [InlineData("gzip", 400)]
    [InlineData("br", 400)]
    [InlineData("deflate", 400)]
    [InlineData("zstd", 415)]
    public async Task A_body_that_is_not_encoded_as_it_says_is_refused(string encoding, int status)
    {
        using var content = new StringContent(Sample.Manifest("encoded"));
        content.Headers.ContentType = new("application/x-ndjson");
        content.Headers.ContentEncoding.Add(encoding);
        using var response = await App.Http.PostAsync("/api/capabilities/import", content, TestContext.Current.CancellationToken);
        Assert.Equal((status, "application/problem+json"), ((int)response.StatusCode, response.Content.Headers.ContentType!.MediaType));
    }

    private static string? Status(JsonElement outcome) => outcome.GetProperty("status").GetString();

    /// <summary>Many equal bytes and a tail, without holding them.</summary>
    private sealed class RepeatingStream(byte value, long count, byte[] tail) : Stream
    {
        private long _position;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => count + tail.Length;

        public override long Position { get => _position; set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count1)
        {
            var span = buffer.AsSpan(offset, count1);
            var length = (int)Math.Min(span.Length, _position < count ? count - _position : Length - _position);
            if (_position < count)
            {
                span[..length].Fill(value);
            }
            else
            {
                tail.AsSpan((int)(_position - count), length).CopyTo(span);
            }

            _position += length;
            return length;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
