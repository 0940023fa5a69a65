using CapabilityRegistry.Core.Manifests;

namespace CapabilityRegistry.Tests.Core.Resolution;

/// <summary>DESIGN, Terms: lifecycle; resolution semantics: rule 5.</summary>
[Trait("Rule", "5")]
public sealed class LifecycleTests
{
    [Fact]
    public void A_yanked_version_is_not_chosen_anew()
    {
        var catalogue = Registry.Of("a 1.0.0", "a 2.0.0 yanked");
        Assert.Equal("a 1.0.0", catalogue.Resolve("a").Chosen());
        Assert.Equal("impossible", catalogue.Resolve("a ^2").Chosen());
        Assert.Equal("impossible", catalogue.Resolve("a =2.0.0").Chosen());
    }

    [Fact]
    public void A_yanked_version_is_honoured_from_a_lock()
    {
        var outcome = Registry.Of("a 1.0.0", "a 2.0.0 yanked").Resolve(Registry.Asking("a").With("a 2.0.0"));
        Assert.Equal("a 2.0.0", outcome.Chosen());
        Assert.Equal(LifecycleState.Yanked, outcome.Selected[0].State);
    }

    [Fact]
    public void A_lock_honours_only_the_yanked_version_that_it_names() =>
        Assert.Equal("impossible", Registry.Of("a 1.0.0 yanked", "a 2.0.0 yanked").Resolve(Registry.Asking("a ^1").With("a 2.0.0")).Chosen());

    [Fact]
    public void A_yanked_provider_is_not_chosen_anew() =>
        Assert.Equal("app 1.0.0, b 1.0.0", Registry.Of("app 1.0.0: needs sql", "a 2.0.0 yanked: provides sql", "b 1.0.0: provides sql").Resolve("app").Chosen());

    [Fact]
    public void A_retired_version_is_never_chosen()
    {
        var catalogue = Registry.Of("a 1.0.0", "a 2.0.0 retired");
        Assert.Equal("a 1.0.0", catalogue.Resolve(Registry.Asking("a").With("a 2.0.0")).Chosen());
        Assert.Equal("impossible", catalogue.Resolve(Registry.Asking("a ^2").With("a 2.0.0")).Chosen());
    }

    [Fact]
    public void A_deprecated_version_is_chosen_when_no_active_one_does() =>
        Assert.Equal("a 2.0.0", Registry.Of("a 1.0.0", "a 2.0.0 deprecated", "a 1.5.0 deprecated").Resolve("a >=1.5.0").Chosen());

    [Fact]
    public void The_dependencies_of_what_cannot_be_chosen_do_not_count() =>
        Assert.Equal("a 1.0.0, b 1.0.0", Registry.Of("a 1.0.0: needs b", "b 1.0.0", "b 2.0.0 retired: conflicts a", "b 3.0.0 yanked: needs ghost").Resolve("a").Chosen());

    [Fact]
    public void A_yanked_version_is_not_recommended_into_a_result() =>
        Assert.Equal("a 1.0.0", Registry.Of("a 1.0.0: recommends b", "b 1.0.0 yanked").Resolve("a").Chosen());
}
