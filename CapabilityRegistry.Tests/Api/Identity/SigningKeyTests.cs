using CapabilityRegistry.ServiceDefaults.Configuration;
using CapabilityRegistry.Tests.Testing;
using Microsoft.Extensions.Options;

namespace CapabilityRegistry.Tests.Api.Identity;

/// <summary>The keys that tokens are signed with, and what becomes of tokens when they change.</summary>
public sealed class SigningKeyTests(RegistryFixture registry) : IClassFixture<RegistryFixture>
{
    private const string Oldest = "the oldest signing key, which nobody has any more";
    private const string Older = "the older signing key, which is still believed";
    private const string Present = "the present signing key, with which tokens are made";

    [Fact]
    public async Task After_a_rotation_tokens_of_the_previous_key_are_believed_and_older_ones_are_not()
    {
        var (oldest, older) = (await TokenAsync(Oldest), await TokenAsync(Older));
        await using var app = await RegistryApp.StartAsync(registry.ConnectionString, settings: Settings.Of(("Auth:SigningKey", Present), ("Auth:PreviousSigningKey", Older)));
        Assert.Equal(200, (await Credentials.ReadAsync(app, await app.Tokens.OfAsync(TestTokens.Tenant))).Status);
        Assert.Equal(200, (await Credentials.ReadAsync(app, older)).Status);
        Refused.Check(await Credentials.ReadAsync(app, oldest));

        await using var done = await RegistryApp.StartAsync(registry.ConnectionString, settings: Settings.Of(("Auth:SigningKey", Present)));
        Refused.Check(await Credentials.ReadAsync(done, older));
        Assert.Equal(200, (await Credentials.ReadAsync(done, await app.Tokens.OfAsync(TestTokens.Tenant))).Status);
    }

    [Theory]
    [InlineData("Auth:SigningKey", null, "Production")]
    [InlineData("Auth:SigningKey", "", "Production")]
    [InlineData("Auth:SigningKey", null, "Staging")]
    [InlineData("Auth:SigningKey", "short but not sweet: 31 bytes..", "Production")]
    [InlineData("Auth:SigningKey", "short but not sweet: 31 bytes..", "Development")]
    [InlineData("Auth:PreviousSigningKey", "short but not sweet: 31 bytes..", "Production")]
    public async Task Without_a_key_of_32_bytes_nothing_starts(string name, string? key, string environment)
    {
        var exception = await Assert.ThrowsAnyAsync<OptionsValidationException>(() => RegistryApp.StartAsync(registry.ConnectionString, settings: Settings.Of((name, key)), environment: environment));
        var said = ConfigurationException.From(exception)!.Message;
        Assert.Contains(name, said, StringComparison.Ordinal);
        Assert.Contains("32 bytes", said, StringComparison.Ordinal);
        Assert.Equal(name == "Auth:SigningKey", said.Contains("JWT_SECRET_KEY", StringComparison.Ordinal));
        Assert.DoesNotContain("sweet", exception.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bytes_count_not_characters()
    {
        await using var app = await RegistryApp.StartAsync(registry.ConnectionString, settings: Settings.Of(("Auth:SigningKey", "sechzehn Zeichen".Replace('e', '\u00eb').PadRight(31, 'x'))));
        Assert.Equal(200, (await app.GetAsync("/api/capabilities")).Status);
    }

    [Fact]
    public async Task In_development_a_process_makes_a_key_of_its_own()
    {
        await using var one = await RegistryApp.StartAsync(registry.ConnectionString, settings: Settings.Of(("Auth:SigningKey", null)), environment: "Development");
        await using var two = await RegistryApp.StartAsync(registry.ConnectionString, settings: Settings.Of(("Auth:SigningKey", null)), environment: "Development");
        var token = await one.Tokens.OfAsync(TestTokens.Tenant);
        Assert.Equal(200, (await Credentials.ReadAsync(one, token)).Status);
        Refused.Check(await Credentials.ReadAsync(two, token));
    }

    private async Task<string> TokenAsync(string key)
    {
        await using var app = await RegistryApp.StartAsync(registry.ConnectionString, settings: Settings.Of(("Auth:SigningKey", key)));
        return await app.Tokens.OfAsync(TestTokens.Tenant);
    }
}
