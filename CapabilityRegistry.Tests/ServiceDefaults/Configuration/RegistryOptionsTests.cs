using System.ComponentModel.DataAnnotations;
using CapabilityRegistry.ServiceDefaults.Configuration;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace CapabilityRegistry.Tests.ServiceDefaults.Configuration;

public sealed class RegistryOptionsTests
{
    [Fact]
    public void Options_have_what_their_section_says()
    {
        using var host = HostWith(("Sample:Size", "3"), ("Sample:Inner:Name", "x"), ("Sample:Names:0", "a"));
        host.CheckConfiguration();
        var options = host.Services.GetRequiredService<IOptions<SampleOptions>>().Value;
        Assert.Equal((3, "x", "a", SampleColour.Red), (options.Size, options.Inner.Name, options.Names.Single(), options.Colour));
    }

    [Fact]
    public void Everything_wrong_with_a_section_is_said_at_once_and_without_a_value()
    {
        using var host = HostWith(("Sample:Sise", "hidden"), ("Sample:Size", "hidden"), ("Sample:Colour", "hidden"), ("Sample:Other", "hidden"), ("Sample:Inner:Nam", "hidden"));
        var exception = Assert.Throws<ConfigurationException>(host.CheckConfiguration);
        Assert.Equal(
            [
                "Sample:Colour: expected one of Red, Green.",
                "Sample:Inner: expected what can be read as SampleInner.",
                "Sample:Other: unknown; known are Size, Colour, Inner, Names.",
                "Sample:Sise: unknown; did you mean Size?",
                "Sample:Size: expected a whole number.",
            ],
            exception.Findings.Order(StringComparer.Ordinal));
        Assert.DoesNotContain("hidden", exception.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_value_out_of_range_stops_the_start()
    {
        using var host = HostWith(("Sample:Size", "11"));
        Assert.Contains("between 1 and 10", Assert.Single(Assert.Throws<ConfigurationException>(host.CheckConfiguration).Findings), StringComparison.Ordinal);
    }

    [Fact]
    public void The_findings_of_several_sections_come_together()
    {
        using var host = HostWith(("Sample:Size", "11"), ("Features:Marketplase", "true"));
        Assert.Equal(2, Assert.Throws<ConfigurationException>(host.CheckConfiguration).Findings.Count);
    }

    [Theory]
    [InlineData("Size", "many", "Sample:Size: expected a whole number.")]
    [InlineData("Size", "0", "Sample: The field Size must be between 1 and 10.")]
    [InlineData("Sise", "1", "Sample:Sise: unknown; did you mean Size?")]
    public void Settings_that_are_needed_early_are_as_strict(string key, string value, string finding)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([KeyValuePair.Create($"Sample:{key}", (string?)value)]).Build();
        Assert.Equal([finding], Assert.Throws<ConfigurationException>(() => configuration.ReadRegistryOptions<SampleOptions>("Sample")).Findings);
    }

    [Fact]
    public void Every_feature_is_on_unless_it_is_switched_off()
    {
        var features = Enum.GetValues<Feature>();
        Assert.All(features, feature => Assert.True(new FeaturesOptions().IsOn(feature)));
        foreach (var off in features)
        {
            var configuration = new ConfigurationBuilder().AddInMemoryCollection([KeyValuePair.Create($"Features:{off}", (string?)"false")]).Build();
            var options = configuration.ReadRegistryOptions<FeaturesOptions>(FeaturesOptions.SectionName);
            Assert.Equal([off], features.Where(feature => !options.IsOn(feature)));
            Assert.Contains(GuideVariables.All, variable => variable.Keys.Contains($"Features:{off}"));
        }
    }

    private static IHost HostWith(params (string Key, string Value)[] settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)));
        builder.Services.AddRegistryOptions<SampleOptions>("Sample");
        builder.Services.AddRegistryOptions<FeaturesOptions>(FeaturesOptions.SectionName);
        return builder.Build();
    }
}

internal enum SampleColour
{
    Red,
    Green,
}

internal sealed class SampleOptions
{
    [Range(1, 10)]
    public int Size { get; set; } = 1;

    public SampleColour Colour { get; set; }

    public SampleInner Inner { get; set; } = new();

    public List<string> Names { get; set; } = [];
}

internal sealed class SampleInner
{
    public string? Name { get; set; }
}
