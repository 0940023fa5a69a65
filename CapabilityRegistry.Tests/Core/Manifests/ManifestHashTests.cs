namespace CapabilityRegistry.Tests.Core.Manifests;

public sealed class ManifestHashTests
{
    [Theory]
    [InlineData("""{"version":"1.0.0","capability_code":"payments"}""", """{"capability_code":"payments","version":"1.0.0"}""")]
    [InlineData("""{"capability_code":"PAYments","version":"1.0.0"}""", """{"capability_code":"payments","version":"1.0.0"}""")]
    [InlineData("""{"capability_code":"a","version":"1.0.0","dependencies":[],"provides_services":[],"use_cases":[],"metadata":{}}""", """{"capability_code":"a","version":"1.0.0"}""")]
    [InlineData("""{"capability_code":"a","version":"1.0.0","description":null}""", """{"capability_code":"a","version":"1.0.0"}""")]
    [InlineData("""{"capability_code":"a","version":"1.0.0","description":"\u0041b"}""", """{"capability_code":"a","version":"1.0.0","description":"Ab"}""")]
    [InlineData("""{"capability_code":"a","version":"1.0.0","metadata":{"b":"\u0041","a":[1 ,2]}}""", """{"capability_code":"a","version":"1.0.0","metadata":{"a":[1,2],"b":"A"}}""")]
    [InlineData(
        """{"capability_code":"a","version":"1.0.0","dependencies":[{"dependency_type":"required","capability_code":"b","alternatives":null}]}""",
        """{"capability_code":"a","version":"1.0.0","dependencies":[{"capability_code":"b"}]}""")]
    [InlineData("""{"capability_code":"a","version":"1.0.0","complexity_score":5.0}""", """{"capability_code":"a","version":"1.0.0","complexity_score":5}""")]
    public void Documents_that_declare_the_same_have_the_same_hashes(string one, string other)
    {
        var (left, right) = (Reading.Accepted(one), Reading.Accepted(other));
        Assert.Equal(left.ContentHash, right.ContentHash);
        Assert.Equal(left.ResolutionHash, right.ResolutionHash);
    }

    [Theory]
    [InlineData("\"description\":\"x\"")]
    [InlineData("\"description\":\"\"")]
    [InlineData("\"multi_tenant\":false")]
    [InlineData("\"metadata\":{\"a\":1}")]
    [InlineData("\"metadata\":{\"a\":null}")]
    [InlineData("\"composition_keywords\":[\"a\"]")]
    public void What_resolution_does_not_read_changes_only_the_content_hash(string members)
    {
        var (plain, changed) = (Reading.Accepted(Reading.Manifest()), Reading.Accepted(Reading.Manifest(members)));
        Assert.NotEqual(plain.ContentHash, changed.ContentHash);
        Assert.Equal(plain.ResolutionHash, changed.ResolutionHash);
    }

    [Theory]
    [InlineData("\"dependencies\":[{\"capability_code\":\"b\"}]")]
    [InlineData("\"dependencies\":[{\"capability_code\":\"b\",\"dependency_type\":\"optional\"}]")]
    [InlineData("\"provides_services\":[{\"service\":\"s\"}]")]
    [InlineData("\"api_endpoints\":[\"GET /\"]")]
    [InlineData("\"data_models\":[\"M\"]")]
    public void What_resolution_reads_and_the_contract_change_both_hashes(string members)
    {
        var (plain, changed) = (Reading.Accepted(Reading.Manifest()), Reading.Accepted(Reading.Manifest(members)));
        Assert.NotEqual(plain.ContentHash, changed.ContentHash);
        Assert.NotEqual(plain.ResolutionHash, changed.ResolutionHash);
    }

    [Fact]
    public void Every_two_documents_that_differ_have_different_hashes()
    {
        string[] documents =
        [
            "\"use_cases\":[\"a\",\"b\"]", "\"use_cases\":[\"b\",\"a\"]", "\"use_cases\":[\"ab\"]", "\"use_cases\":[\"a\"],\"data_models\":[\"b\"]", "\"description\":\"a\"", "\"long_description\":\"a\"",
            "\"dependencies\":[{\"capability_code\":\"b\",\"version_range\":\"^1\"}]", "\"dependencies\":[{\"capability_code\":\"b\",\"version_range\":\"^2\"}]",
            "\"dependencies\":[{\"capability_code\":\"b\"},{\"capability_code\":\"c\"}]", "\"dependencies\":[{\"capability_code\":\"c\"},{\"capability_code\":\"b\"}]",
            "\"dependencies\":[{\"capability_code\":\"b\",\"alternatives\":[{\"capability_code\":\"c\"}]}]", "\"dependencies\":[{\"capability_code\":\"b\",\"dependency_type\":\"conflicting\"}]",
            "\"provides_services\":[{\"service\":\"b\"}]", "\"provides_services\":[{\"service\":\"b\",\"version\":\"1.0.0\"}]", "\"metadata\":{\"a\":1}", "\"metadata\":{\"a\":\"1\"}", "\"metadata\":{\"a\":[]}",
        ];

        Assert.Equal(documents.Length, documents.Select(members => Convert.ToHexString(Reading.Accepted(Reading.Manifest(members)).ContentHash)).Distinct().Count());
    }

    [Fact]
    public void The_hash_of_a_known_document_stays_for_ever() =>
        Assert.Equal(
            "F20996E7",
            Convert.ToHexString(Reading.Accepted("""{"capability_code":"a","version":"1.0.0"}""").ContentHash)[..8]);
}
