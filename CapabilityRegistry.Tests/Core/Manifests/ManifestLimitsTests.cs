using CapabilityRegistry.Core.Manifests;

namespace CapabilityRegistry.Tests.Core.Manifests;

public sealed class ManifestLimitsTests
{
    public static TheoryData<string, Func<int, string>, int, string> Limits => new()
    {
        { "/capability_code invalid_code", n => $$"""{"capability_code":"{{Text(n)}}","version":"1.0.0"}""", 128, "a code" },
        { "/version invalid_version", n => $$"""{"capability_code":"a","version":"1.0.0-{{Text(n)}}"}""", 250, "a version" },
        { "/capability_name too_long", n => Reading.Manifest($"\"capability_name\":\"{Text(n)}\""), 256, "a name" },
        { "/description too_long", n => Reading.Manifest($"\"description\":\"{Text(n)}\""), 20_000, "a description" },
        { "/release_notes too_long", n => Reading.Manifest($"\"release_notes\":\"{Text(n)}\""), 20_000, "release notes" },
        { "/category too_long", n => Reading.Manifest($"\"category\":\"{Text(n)}\""), 128, "a category" },
        { "/file_path too_long", n => Reading.Manifest($"\"file_path\":\"{Text(n)}\""), 512, "a path" },
        { "/use_cases/0 too_long", n => Reading.Manifest($"\"use_cases\":[\"{Text(n)}\"]"), 512, "an item" },
        { "/lifecycle/message too_long", n => Reading.Manifest($$"""
            "lifecycle":{"state":"yanked","message":"{{Text(n)}}"}
            """), 512, "a message" },
        { "/composition_keywords too_many", n => Reading.Manifest($"\"composition_keywords\":[{Items(n, _ => "\"k\"")}]"), 500, "keywords" },
        { "/new_features too_many", n => Reading.Manifest($"\"new_features\":[{Items(n, _ => "\"k\"")}]"), 500, "features" },
        { "/provides_services too_many", n => Reading.Manifest($"\"provides_services\":[{Items(n, i => $$"""{"service":"s{{i}}"}""")}]"), 4_000, "services" },
        { "/dependencies too_many", n => Reading.Manifest($"\"dependencies\":[{Items(n, i => $$"""{"capability_code":"d{{i}}"}""")}]"), 2_000, "dependencies" },
        { "/dependencies/0/alternatives too_many", n => Reading.Manifest($$"""
            "dependencies":[{"capability_code":"b","alternatives":[{{Items(n, i => $$"""{"capability_code":"d{{i}}"}""")}}]}]
            """), 64, "alternatives" },
    };

    [Theory]
    [MemberData(nameof(Limits))]
    public void The_greatest_number_is_accepted_and_one_more_is_refused(string finding, Func<int, string> make, int most, string what)
    {
        Assert.NotEmpty(what);
        Reading.Accepted(make(most));
        Assert.Equal([finding], Reading.Refused(make(most + 1)).Brief());
    }

    [Fact]
    public void Ten_thousand_dependencies_are_refused_with_one_finding() =>
        Assert.Equal(
            [new Finding("/dependencies", "too_many", "Has 10000 items; at most 2000 are allowed.")],
            Reading.Refused(Reading.Manifest($"\"dependencies\":[{Items(10_000, i => $$"""{"capability_code":"d{{i}}"}""")}]")));

    [Fact]
    public void A_document_has_at_most_a_mebibyte()
    {
        var members = string.Join(',', Enumerable.Range(0, 60).Select(i => $"\"m{i}\":\"{Text(17_000)}\""));
        var room = ManifestLimits.Bytes - Reading.Manifest($$"""
            "metadata":{"pad":"",{{members}}}
            """).Length;
        string Padded(int extra) => Reading.Manifest($$"""
            "metadata":{"pad":"{{Text(room + extra)}}",{{members}}}
            """);

        Assert.Equal(ManifestLimits.Bytes, Reading.Accepted(Padded(0)).Json.Length);
        Assert.Equal([new Finding("", "too_long", "A manifest has at most 1048576 bytes; this one has 1048577.")], Reading.Refused(Padded(1)));
    }

    [Fact]
    public void A_document_is_at_most_32_deep()
    {
        static string Nested(int arrays) => Reading.Manifest($$"""
            "metadata":{"x":{{new string('[', arrays)}}{{new string(']', arrays)}}}
            """);

        Reading.Accepted(Nested(30));
        Assert.Equal([" invalid_json"], Reading.Refused(Nested(31)).Brief());
        Assert.Contains("depth of 32", Assert.Single(Reading.Refused(Nested(1_000))).Message, StringComparison.Ordinal);
    }

    private static string Text(int length) => new('x', length);

    private static string Items(int count, Func<int, string> make) => string.Join(',', Enumerable.Range(0, count).Select(make));
}
