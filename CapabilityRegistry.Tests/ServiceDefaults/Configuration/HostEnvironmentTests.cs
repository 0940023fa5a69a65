using CapabilityRegistry.ServiceDefaults.Configuration;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace CapabilityRegistry.Tests.ServiceDefaults.Configuration;

public sealed class HostEnvironmentTests : IDisposable
{
    private static readonly string[] Keys = ["A", "B", "C", "D"];

    private readonly string _folder = Directory.CreateTempSubdirectory("registry-environment-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("production", "Production")]
    [InlineData("staging", "Staging")]
    [InlineData("Development", "Development")]
    public async Task The_guides_environment_is_the_hosts(string guide, string expected)
    {
        await using var app = ConfiguredHost.With("ENVIRONMENT", guide).Build();
        Assert.Equal(expected, app.Environment.EnvironmentName);
        Assert.Equal(expected, app.Services.GetRequiredService<IHostEnvironment>().EnvironmentName);
        Assert.Equal(expected, app.Services.GetRequiredService<IWebHostEnvironment>().EnvironmentName);
    }

    [Fact]
    public void It_works_for_a_host_without_http_too()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.AddGuideVariables(new Dictionary<string, string> { ["ENVIRONMENT"] = "staging" });
        using var host = builder.Build();
        Assert.Equal("Staging", host.Services.GetRequiredService<IHostEnvironment>().EnvironmentName);
    }

    [Theory]
    [InlineData("ASPNETCORE_ENVIRONMENT")]
    [InlineData("DOTNET_ENVIRONMENT")]
    public void An_environment_chosen_in_dotnets_way_wins(string variable) =>
        Assert.Equal("Production", ConfiguredHost.With(new() { ["ENVIRONMENT"] = "staging", [variable] = "Production" }).Environment.EnvironmentName);

    [Fact]
    public void An_environment_chosen_on_the_command_line_wins()
    {
        var builder = WebApplication.CreateSlimBuilder(["--environment", "Production"]);
        builder.AddGuideVariables(new Dictionary<string, string> { ["ENVIRONMENT"] = "staging" });
        Assert.Equal("Production", builder.Environment.EnvironmentName);
    }

    /// <summary>The variable shows up as the configuration key that the command line sets as well.</summary>
    [Fact]
    public void The_guides_variable_is_not_mistaken_for_the_command_line()
    {
        var builder = ConfiguredHost.With(new() { ["ENVIRONMENT"] = "staging" }, b => b.Configuration["ENVIRONMENT"] = "staging");
        Assert.Equal("Staging", builder.Environment.EnvironmentName);
    }

    [Fact]
    public void The_settings_of_the_environment_are_read_and_what_was_assigned_stays()
    {
        File.WriteAllText(Path.Combine(_folder, "appsettings.json"), """{"A":"all","B":"all"}""");
        File.WriteAllText(Path.Combine(_folder, "appsettings.Production.json"), """{"B":"production","C":"production"}""");
        File.WriteAllText(Path.Combine(_folder, "appsettings.Staging.json"), """{"B":"staging"}""");
        var builder = ConfiguredHost.With(new() { ["ENVIRONMENT"] = "staging" }, b => b.Configuration["D"] = "assigned", _folder);
        Assert.Equal(["all", "staging", null, "assigned"], Keys.Select(key => builder.Configuration[key]));
    }

    [Theory]
    [InlineData("development", true)]
    [InlineData("production", false)]
    [InlineData("staging", false)]
    [InlineData("", false)]
    public void Debugging_belongs_to_development(string environment, bool allowed)
    {
        var variables = new Dictionary<string, string> { ["ENVIRONMENT"] = environment, ["DEBUG"] = "True" };
        if (allowed)
        {
            Assert.True(ConfiguredHost.With(variables).Environment.IsDevelopment());
        }
        else
        {
            Assert.Equal("DEBUG: expected false outside the environment development.", Assert.Single(ConfiguredHost.FindingsOf(variables)));
        }
    }
}
