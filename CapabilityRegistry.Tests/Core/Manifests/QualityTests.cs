using CapabilityRegistry.Core.Manifests;

namespace CapabilityRegistry.Tests.Core.Manifests;

public sealed class QualityTests
{
    private static readonly Manifest Bare = new() { CapabilityCode = "a", Version = "1.0.0" };

    private static readonly Manifest Full = Bare with
    {
        Description = new string('d', 60),
        LongDescription = "l",
        CompositionKeywords = ["a", "b", "c"],
        Category = "c",
        ApiEndpoints = ["GET /"],
        DataModels = ["M"],
        ProvidesServices = [new("s")],
        Dependencies = [new("b", "^1.0.0")],
        DocumentationPath = "d",
        Resources = new(1),
        ReleaseNotes = "r",
        UseCases = ["u"],
    };

    [Fact]
    public void The_most_points_add_up_to_one() => Assert.Equal(1, Quality.Parts(Bare).Sum(part => part.Most), 10);

    [Fact]
    public void A_manifest_with_everything_earns_all_points()
    {
        Assert.Equal(1, Quality.Score(Full));
        Assert.All(Quality.Parts(Full), part => Assert.Equal(part.Most, part.Points));
    }

    [Fact]
    public void A_bare_manifest_earns_only_that_no_dependency_is_unbounded()
    {
        Assert.Equal(0.1, Quality.Score(Bare));
        Assert.Equal(["bounded_dependencies"], Quality.Parts(Bare).Where(part => part.Points > 0).Select(part => part.Part));
    }

    [Theory]
    [InlineData("description", 0.075)]
    [InlineData("composition_keywords", 0.0667)]
    [InlineData("bounded_dependencies", 0.025)]
    [InlineData("documentation", 0.1)]
    [InlineData("release_notes", 0)]
    public void A_part_earns_its_share(string part, double points)
    {
        var manifest = Bare with
        {
            Description = new string('d', 30),
            CompositionKeywords = ["a", "b"],
            Dependencies = [new("b", "^1.0.0"), new("c"), new("d", "*"), new("e", "")],
            RepositoryUrl = "https://example.org",
            ReleaseNotes = " ",
        };

        Assert.Equal(points, Quality.Parts(manifest).Single(p => p.Part == part).Points, 4);
    }

    [Fact]
    public void The_parts_add_up_to_the_score_and_none_is_more_than_it_may_be()
    {
        foreach (var manifest in (Manifest[])[Bare, Full, Full with { Description = "short", CompositionKeywords = ["a"], Dependencies = [new("b"), new("c", "1.x"), new("d", ">=1")] }])
        {
            var parts = Quality.Parts(manifest);
            Assert.Equal(Math.Round(parts.Sum(part => part.Points), 3), Quality.Score(manifest));
            Assert.All(parts, part => Assert.InRange(part.Points, 0, part.Most));
            Assert.Equal(parts.Count, parts.Select(part => part.Part).Distinct().Count());
        }
    }
}
