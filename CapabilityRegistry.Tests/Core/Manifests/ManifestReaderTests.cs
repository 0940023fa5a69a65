using System.Text;
using System.Text.Json;
using CapabilityRegistry.Core.Manifests;

namespace CapabilityRegistry.Tests.Core.Manifests;

public sealed class ManifestReaderTests
{
    private const string Everything = """
        {"capability_code":"Order.Flow","version":"2.1.0-rc.1+7","capability_name":"Order flow","description":"d","long_description":"l","category":"commerce","subcategory":"orders",
        "composition_keywords":["order"],"provides_services":[{"service":"Ordering","version":"2.0.0"},{"service":"carts"}],
        "dependencies":[{"capability_code":"payments","version_range":"^3.0.0","dependency_type":"required","alternatives":[{"capability_code":"cash"},{"capability_code":"barter","version_range":"1.x"}]},
        {"capability_code":"mail","dependency_type":"recommended"},{"capability_code":"ledger","version_range":"<2.0.0","dependency_type":"conflicting"},{"capability_code":"docs","dependency_type":"optional"},
        {"capability_code":"shop","dependency_type":"enhancing"}],
        "api_endpoints":["GET /orders"],"data_models":["Order"],"target_users":["clerk"],"business_value":"b","use_cases":["sell"],"industry_focus":["retail"],"file_path":"f","module_path":"m",
        "documentation_path":"p","repository_url":"https://example.org/x","multi_tenant":true,"audit_enabled":false,"security_integration":true,"performance_optimized":false,"ai_enhanced":true,
        "complexity_score":7.5,"release_notes":"r","breaking_changes":["b"],"deprecations":["d"],"new_features":["n"],
        "resources":{"cpu_cores":0.5,"memory_mb":256,"storage_gb":1,"monthly_cost":9.99,"currency":"EUR"},"metadata":{"x":{"y":[1,null,true]}},
        "lifecycle":{"state":"deprecated","message":"m","replaced_by":"orders2","sunset_at":"2027-01-01T00:00:00Z"}}
        """;

    [Fact]
    public void A_manifest_with_every_member_is_read()
    {
        var release = Reading.Accepted(Everything);

        Assert.Equal("order.flow", release.Code);
        Assert.Equal("2.1.0-rc.1+7", release.Version.ToString());
        Assert.Equal([DependencyType.Required, DependencyType.Recommended, DependencyType.Conflicting, DependencyType.Optional, DependencyType.Enhancing],
            release.Manifest.Dependencies!.Select(d => d.DependencyType));
        Assert.Equal([new("cash"), new("barter", "1.x")], release.Manifest.Dependencies![0].Alternatives!);
        Assert.Equal([new("Ordering", "2.0.0"), new("carts")], release.Manifest.ProvidesServices!);
        Assert.Equal(new(0.5, 256, 1, 9.99, "EUR"), release.Manifest.Resources);
        Assert.Equal(new(LifecycleState.Deprecated, "m", "orders2", DateTimeOffset.UnixEpoch.AddYears(57)), release.Manifest.Lifecycle);
        Assert.Equal("""{"y":[1,null,true]}""", release.Manifest.Metadata!["x"].GetRawText());
    }

    [Fact]
    public void Every_member_of_the_type_is_in_the_test_above() =>
        Assert.Equal(
            RegistryJson.Options.GetTypeInfo(typeof(Manifest)).Properties.Select(p => p.Name).Order(StringComparer.Ordinal),
            JsonDocument.Parse(Everything).RootElement.EnumerateObject().Select(m => m.Name).Order(StringComparer.Ordinal));

    [Fact]
    public void The_JSON_is_kept_member_for_member_without_white_space_and_without_the_lifecycle()
    {
        const string json = """
            { "version" : "1.0.0",  "metadata" : { "b" : 1.50, "a" : 1E3, "text" : "a\u0041\/é\"\n" },
              "lifecycle" : { "state" : "yanked" }, "description" : null, "capability_code" : "Payments" }
            """;

        Assert.Equal("""{"version":"1.0.0","metadata":{"b":1.50,"a":1E3,"text":"a\u0041\/é\"\n"},"description":null,"capability_code":"Payments"}""", Reading.Accepted(json).Json);
    }

    [Fact]
    public void What_is_kept_is_read_again_as_the_same_release()
    {
        var first = Reading.Accepted(Everything);
        var again = Reading.Accepted(first.Json);

        Assert.Equal(first.Json, again.Json);
        Assert.Equal(first.ContentHash, again.ContentHash);
    }

    [Fact]
    public void Null_members_are_as_good_as_missing_ones()
    {
        var release = Reading.Accepted(Reading.Manifest("""
            "description":null,"dependencies":null,"metadata":null,"resources":null,"multi_tenant":null,"complexity_score":null,"lifecycle":null
            """));

        Assert.Equal(Reading.Accepted(Reading.Manifest()).ContentHash, release.ContentHash);
    }

    [Fact]
    public void Everything_that_has_the_wrong_shape_is_reported_at_once()
    {
        const string json = """
            {"capability_code":1,"version":null,"description":[],"composition_keywords":"x","data_models":["a",null,3],"provides_services":[1,null,{"service":2},{}],
            "dependencies":[{"capability_code":"b","dependency_type":"requires","alternatives":[{"version_range":"*"}]},{"version_range":5}],"multi_tenant":"yes","complexity_score":"5",
            "metadata":[],"lifecycle":{"state":"dead","sunset_at":"tomorrow"},"resources":{"cpu_cores":1e999,"currency":["EUR"]}}
            """;

        Assert.Equal(
            [
                "/capability_code wrong_type", "/complexity_score wrong_type", "/composition_keywords wrong_type", "/data_models/1 null_value", "/data_models/2 wrong_type",
                "/dependencies/0/alternatives/0/capability_code missing_member", "/dependencies/0/dependency_type invalid_value", "/dependencies/1/capability_code missing_member",
                "/dependencies/1/version_range wrong_type", "/description wrong_type", "/lifecycle/state invalid_value", "/lifecycle/sunset_at invalid_value", "/metadata wrong_type",
                "/multi_tenant wrong_type", "/provides_services/0 wrong_type", "/provides_services/1 null_value", "/provides_services/2/service wrong_type",
                "/provides_services/3/service missing_member", "/resources/cpu_cores number_out_of_range", "/resources/currency wrong_type", "/version null_value",
            ],
            Reading.Refused(json).Brief().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_broken_rule_is_reported_at_once()
    {
        const string json = """
            {"capability_code":"a b","version":"1.0","repository_url":"ftp://x","complexity_score":10.5,"resources":{"cpu_cores":-1,"memory_mb":1e13,"currency":"euro"},
            "provides_services":[{"service":"-x","version":"v1.0.0"}],
            "dependencies":[{"capability_code":"","version_range":">>1"},{"capability_code":"b","alternatives":[{"capability_code":"ok"},{"capability_code":"é","version_range":"latest"}]},
            {"capability_code":"c","dependency_type":"conflicting","alternatives":[{"capability_code":"d"}]}],
            "lifecycle":{"state":"active","message":"m","replaced_by":"x y"}}
            """;

        Assert.Equal(
            [
                "/capability_code invalid_code", "/complexity_score number_out_of_range", "/dependencies/0/capability_code invalid_code", "/dependencies/0/version_range invalid_range",
                "/dependencies/1/alternatives/1/capability_code invalid_code", "/dependencies/1/alternatives/1/version_range invalid_range", "/dependencies/2/alternatives not_allowed",
                "/lifecycle not_allowed", "/lifecycle/replaced_by invalid_code", "/provides_services/0/service invalid_code", "/provides_services/0/version invalid_version",
                "/repository_url invalid_url", "/resources/cpu_cores number_out_of_range", "/resources/currency invalid_value", "/resources/memory_mb number_out_of_range",
                "/version invalid_version",
            ],
            Reading.Refused(json).Brief().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Unknown_members_are_refused_with_the_nearest_name()
    {
        var findings = Reading.Refused(Reading.Manifest("""
            "descripton":"x","Category":"x","resources":{"cpu":1,"memory_gb":2},"dependencies":[{"capability_code":"b","range":"*","a/b~c":1}],"zzz":1
            """));

        Assert.Equal(
            [
                ("/Category", "There is no member 'Category'. Did you mean 'category'?"),
                ("/dependencies/0/a~1b~0c", "There is no member 'a/b~c'."),
                ("/dependencies/0/range", "There is no member 'range'. Did you mean 'version_range'?"),
                ("/descripton", "There is no member 'descripton'. Did you mean 'description'?"),
                ("/resources/cpu", "There is no member 'cpu'."),
                ("/resources/memory_gb", "There is no member 'memory_gb'. Did you mean 'memory_mb'?"),
                ("/zzz", "There is no member 'zzz'."),
            ],
            findings.OrderBy(f => f.Pointer, StringComparer.Ordinal).Select(f => (f.Pointer, f.Message)));
        Assert.All(findings, finding => Assert.Equal("unknown_member", finding.Code));
    }

    [Fact]
    public void What_is_free_is_free() => Reading.Accepted(Reading.Manifest("""
        "metadata":{"Any Thing":{"at":["all",null,1e400]},"":""}
        """));

    [Fact]
    public void Missing_required_members_are_reported() =>
        Assert.Equal(["/capability_code missing_member", "/version missing_member"], Reading.Refused("{}").Brief());

    [Theory]
    [InlineData("""{"capability_code":"a","version":"1.0.0","version":"2.0.0"}""")]
    [InlineData("""{"capability_code":"a","version":"1.0.0","\u0076ersion":"2.0.0"}""")]
    [InlineData("""{"capability_code":"a","version":"1.0.0","metadata":{"x":{"y":1,"y":1}}}""")]
    public void Duplicate_members_are_refused(string json)
    {
        var finding = Assert.Single(Reading.Refused(json));
        Assert.Equal("invalid_json", finding.Code);
        Assert.Contains("Duplicate", finding.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "line 1, byte 0")]
    [InlineData("{", "line 1, byte 1")]
    [InlineData("{\"capability_code\":\"a\",\n\"version\":}", "line 2, byte 10")]
    [InlineData("{} x", "line 1, byte 3")]
    [InlineData("{'a':1}", "line 1, byte 1")]
    [InlineData("{\"a\":1,}", "line 1, byte 7")]
    [InlineData("// c\n{}", "line 1, byte 0")]
    [InlineData("\uFEFF{}", "line 1, byte 0")]
    [InlineData("{\"a\":\"\u0001\"}", "line 1, byte 6")]
    public void What_is_no_JSON_gives_one_finding_with_its_place(string json, string place)
    {
        var finding = Assert.Single(Reading.Refused(json));
        Assert.Equal(("", "invalid_json"), (finding.Pointer, finding.Code));
        Assert.StartsWith($"Not valid JSON at {place}: ", finding.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[]", "an array")]
    [InlineData("null", "null")]
    [InlineData("1", "a number")]
    [InlineData("\"x\"", "a string")]
    [InlineData("true", "true or false")]
    public void What_is_no_object_is_refused(string json, string actual) =>
        Assert.Equal([new Finding("", "wrong_type", $"Must be an object, not {actual}.")], Reading.Refused(json));

    [Theory]
    [InlineData("required", DependencyType.Required)]
    [InlineData("enhancing", DependencyType.Enhancing)]
    public void Words_of_an_enumeration_are_read(string word, DependencyType expected) =>
        Assert.Equal(expected, Reading.Accepted(Reading.Manifest($$"""
            "dependencies":[{"capability_code":"b","dependency_type":"{{word}}"}]
            """)).Manifest.Dependencies![0].DependencyType);

    [Theory]
    [InlineData("\"Required\"", "'Required' is none of required, optional, recommended, conflicting, enhancing.")]
    [InlineData("\"\"", "'' is none of required, optional, recommended, conflicting, enhancing.")]
    [InlineData("0", "Must be a string, not a number.")]
    [InlineData("\"required, optional\"", "'required, optional' is none of required, optional, recommended, conflicting, enhancing.")]
    public void Other_words_are_refused_with_those_that_there_are(string value, string message) =>
        Assert.Equal(message, Assert.Single(Reading.Refused(Reading.Manifest($$"""
            "dependencies":[{"capability_code":"b","dependency_type":{{value}}}]
            """))).Message);

    [Theory]
    [InlineData("https://example.org/a", true)]
    [InlineData("ssh://git@example.org/a.git", true)]
    [InlineData("git://example.org/a.git", true)]
    [InlineData("", true)]
    [InlineData("javascript:alert(1)", false)]
    [InlineData("file:///etc/passwd", false)]
    [InlineData("example.org/a", false)]
    [InlineData("//example.org/a", false)]
    public void A_repository_address_is_absolute_and_of_a_known_kind(string url, bool accepted)
    {
        var findings = new List<Finding>();
        ManifestReader.Read(Encoding.UTF8.GetBytes(Reading.Manifest($"\"repository_url\":\"{url}\"")), findings);
        Assert.Equal(accepted ? [] : ["/repository_url invalid_url"], findings.Brief());
    }

    [Fact]
    public void At_most_about_a_hundred_findings_of_shape_are_listed()
    {
        var members = string.Join(',', Enumerable.Range(0, 5_000).Select(_ => "1"));
        Assert.InRange(Reading.Refused(Reading.Manifest($"\"data_models\":[{members}]")).Count, 100, 110);
    }

    [Theory]
    [InlineData(LifecycleState.Active, """{"state":"active"}""")]
    [InlineData(LifecycleState.Yanked, """{"state":"yanked","message":"broken"}""")]
    [InlineData(LifecycleState.Retired, """{"state":"retired","replaced_by":"other"}""")]
    public void The_lifecycle_is_read_but_is_no_part_of_the_content(LifecycleState state, string lifecycle)
    {
        var release = Reading.Accepted(Reading.Manifest($"\"lifecycle\":{lifecycle}"));

        Assert.Equal(state, release.Manifest.Lifecycle!.State);
        Assert.Equal(Reading.Accepted(Reading.Manifest()).ContentHash, release.ContentHash);
        Assert.DoesNotContain("lifecycle", release.Json, StringComparison.Ordinal);
    }
}
