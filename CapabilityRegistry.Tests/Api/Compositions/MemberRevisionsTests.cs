using System.Text.Json.Nodes;
using CapabilityRegistry.Api.Compositions;
using CapabilityRegistry.Data.Model;

namespace CapabilityRegistry.Tests.Api.Compositions;

/// <summary>Which members of a composition changed when.</summary>
public sealed class MemberRevisionsTests
{
    [Theory]
    [InlineData("""{"a":1}""", """{"a":1}""", "")]
    [InlineData("""{"a":1,"b":2}""", """{"a":2,"c":3}""", "/a /b /c")]
    [InlineData("""{"a":{"x":1,"y":2}}""", """{"a":{"x":1,"y":3,"z":{}}}""", "/a/y /a/z")]
    [InlineData("""{"a":{"x":{"deep":1}}}""", """{"a":{"x":{"deep":2}}}""", "/a/x")]
    [InlineData("""{"a":{"x":1}}""", """{"a":[1]}""", "/a")]
    [InlineData("""{"a":{}}""", """{"a":{"x/y~z":1}}""", "/a/x~1y~0z")]
    public void States_differ_in_members_and_in_members_of_members(string before, string after, string expected) =>
        Assert.Equal(expected.Split(' ', StringSplitOptions.RemoveEmptyEntries), MemberRevisions.Differences(Object(before), Object(after)).Order(StringComparer.Ordinal));

    [Theory]
    [InlineData("""{"name":"x","configuration":{"a":null,"b":{"c":1}},"environment_settings":{},"capability_ids":[]}""", "/name /configuration/a /configuration/b /environment_settings /requirements")]
    public void A_patch_names_what_it_would_change(string patch, string expected) => Assert.Equal(expected.Split(' '), MemberRevisions.Named(Object(patch)));

    [Theory]
    [InlineData("/a", "/a", true)]
    [InlineData("/a", "/a/b", true)]
    [InlineData("/a/b", "/a", true)]
    [InlineData("", "/a", true)]
    [InlineData("/a", "/ab", false)]
    [InlineData("/a/b", "/a/c", false)]
    public void Members_overlap_when_one_is_in_the_other(string one, string other, bool expected) => Assert.Equal(expected, MemberRevisions.Overlap(one, other));

    [Fact]
    public void A_change_is_remembered_with_its_revision_and_takes_what_was_inside_along()
    {
        var revisions = MemberRevisions.Of(Composition()).With(["/configuration/a", "/name"], 2).With(["/configuration/b"], 3);
        Assert.True(revisions.HasChanged("/configuration", 2));
        Assert.True(revisions.HasChanged("/configuration/b", 2));
        Assert.False(revisions.HasChanged("/configuration/a", 2));
        Assert.False(revisions.HasChanged("/description", 1));
        Assert.Equal("""{"/name":2,"/configuration":4}""", revisions.With(["/configuration"], 4).ToJson());
    }

    [Fact]
    public void Of_many_members_only_the_outer_ones_are_remembered()
    {
        var many = MemberRevisions.Of(Composition()).With([.. Enumerable.Range(0, 300).Select(i => $"/configuration/{i}"), "/name"], 2);
        Assert.Equal("""{"/configuration":2,"/name":2}""", many.ToJson());
        Assert.True(many.HasChanged("/configuration/never", 1));
    }

    private static JsonObject Object(string json) => JsonNode.Parse(json)!.AsObject();

    private static Composition Composition() => new()
    {
        TenantId = "t",
        CompositionId = Guid.Empty,
        Name = "",
        Description = "",
        CompositionType = "",
        Requirements = "[]",
        Details = "{}",
        MemberRevisions = MemberRevisions.None,
        CreatedAt = default,
        CreatedBy = "",
        UpdatedAt = default,
    };
}
