using CapabilityRegistry.Data.Identity;
using CapabilityRegistry.Tests.Testing;

namespace CapabilityRegistry.Tests.Api.Notifications;

public sealed class SubscriptionTests(RegistryFixture registry) : IClassFixture<RegistryFixture>
{
    private const string Path = "/api/notifications/subscriptions";

    private RegistryApp App => registry.App;

    [Fact]
    public async Task A_subscription_is_made_read_listed_and_ended()
    {
        var created = await App.PostAsync(Path, Body("ops+registry@mail.example.org"), "subscribing");
        Assert.Equal((201, "daily"), (created.Status, created.Json.GetProperty("digest").GetString()));
        var address = created.Headers.Location!.ToString();
        Assert.Equal(created.Text, (await App.GetAsync(address, "subscribing")).Text);
        Assert.Equal(409, (await App.PostAsync(Path, Body("ops+registry@mail.example.org"), "subscribing")).Status);
        Assert.Equal(201, (await App.PostAsync(Path, Body("ops+registry@mail.example.org", "\"digest\":\"immediate\""), "subscribing")).Status);
        Assert.Equal(2, (await App.GetAsync(Path, "subscribing")).Json.GetProperty("total_count").GetInt32());
        Assert.Equal(204, (await App.SendAsync(HttpMethod.Delete, address, tenant: "subscribing")).Status);
        Assert.Equal(404, (await App.GetAsync(address, "subscribing")).Status);
    }

    [Theory]
    [InlineData("")]
    [InlineData("nobody")]
    [InlineData("@example.org")]
    [InlineData("a@")]
    [InlineData("a b@example.org")]
    [InlineData(" a@example.org")]
    [InlineData("a@example.org ")]
    [InlineData("A <a@example.org>")]
    [InlineData("<a@example.org>")]
    [InlineData("a@example.org,b@example.org")]
    [InlineData("a@example.org;b@example.org")]
    [InlineData("a@example.org\\r\\nBcc: b@example.org")]
    [InlineData("a\\r\\nBcc: b@example.org")]
    [InlineData("a\\n@example.org")]
    [InlineData("a@example.org\\u0000")]
    [InlineData("a@example.org\\u2028")]
    [InlineData("@relay.example.org:a@example.org")]
    [InlineData("\\\"a b\\\"@example.org")]
    [InlineData("a@[127.0.0.1]")]
    [InlineData("a(comment)@example.org")]
    [InlineData("\\u00e4@example.org")]
    [InlineData("a@b@example.org")]
    [InlineData("group: a@example.org;")]
    public async Task What_is_not_one_plain_address_is_refused(string email)
    {
        var refused = await App.PostAsync(Path, Body(email), "refused");
        Assert.Equal(400, refused.Status);
    }

    [Fact]
    public async Task Addresses_and_their_local_parts_have_a_length()
    {
        Assert.Equal(201, (await App.PostAsync(Path, Body($"{new string('a', 64)}@example.org"), "long")).Status);
        Assert.Equal(400, (await App.PostAsync(Path, Body($"{new string('a', 65)}@example.org"), "long")).Status);
        var domain = string.Join('.', Enumerable.Repeat(new string('d', 60), 4));
        Assert.Equal(400, (await App.PostAsync(Path, Body($"aaaaaaaaaaa@{domain}"), "long")).Status);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("[\"everything\"]")]
    [InlineData("[\"version_in_use\",\"version_in_use\"]")]
    public async Task Kinds_are_some_that_there_are_each_once(string kinds) =>
        Assert.Equal(400, (await App.PostAsync(Path, $$"""{"email":"a@example.org","kinds":{{kinds}}}""", "kinds")).Status);

    [Fact]
    public async Task A_tenant_has_a_limited_number()
    {
        for (var i = 0; i < 100; i++)
        {
            Assert.Equal(201, (await App.PostAsync(Path, Body($"a{i}@example.org"), "many")).Status);
        }

        var refused = await App.PostAsync(Path, Body("one-too-many@example.org"), "many");
        Assert.Equal((400, "too_many"), (refused.Status, refused.Json.GetProperty("errors")[0].GetProperty("code").GetString()));
    }

    [Fact]
    public async Task Only_administrators_of_the_tenant_see_addresses()
    {
        foreach (var role in Roles.All.Where(r => r != Roles.TenantAdmin))
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, Path);
            request.Headers.Authorization = new("Bearer", await App.Tokens.OfAsync("seen", role));
            using var response = await App.Http.SendAsync(request, TestContext.Current.CancellationToken);
            Assert.Equal(403, (int)response.StatusCode);
        }
    }

    private static string Body(string email, string more = "\"digest\":\"daily\"") => $$"""{"email":"{{email}}","kinds":["version_in_use","composition_broken"],{{more}}}""";
}
