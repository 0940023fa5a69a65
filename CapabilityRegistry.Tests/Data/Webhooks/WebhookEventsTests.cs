using CapabilityRegistry.Data.Model;
using CapabilityRegistry.Data.Webhooks;

namespace CapabilityRegistry.Tests.Data.Webhooks;

public sealed class WebhookEventsTests
{
    [Theory]
    [InlineData("*", "version.published", true)]
    [InlineData("version.published", "version.published", true)]
    [InlineData("version.*", "version.published", true)]
    [InlineData("version.*", "versions.published", false)]
    [InlineData("capability.*", "version.published", false)]
    [InlineData("version.corrected", "version.published", false)]
    public void A_subscription_names_types_one_by_one_by_prefix_or_all(string name, string type, bool matches) => Assert.Equal(matches, WebhookEvents.Matches([name], type));

    [Theory]
    [InlineData("version.publishd", "version.published")]
    [InlineData("capabilty.*", "capability.*")]
    [InlineData("webhook.disable", "webhook.disabled")]
    public void An_unknown_name_is_refused_with_the_nearest_known_one(string name, string nearest) => Assert.Contains($"'{nearest}'", WebhookEvents.Check(name), StringComparison.Ordinal);

    [Theory]
    [InlineData("")]
    [InlineData("version.")]
    [InlineData("*.published")]
    [InlineData("Version.Published")]
    [InlineData("client.created")]
    [InlineData("webhook.test")]
    public void What_is_no_event_type_of_webhooks_is_refused(string name) => Assert.NotNull(WebhookEvents.Check(name));

    [Fact]
    public void Everything_that_all_may_follow_can_be_subscribed_and_nothing_about_clients_and_tenants()
    {
        var types = WebhookEvents.Types.Select(t => t.Type).ToArray();
        Assert.Empty(EventTypes.Public.Except(types));
        Assert.Empty(types.Except(EventTypes.All));
        Assert.DoesNotContain(types, t => t.StartsWith("client.", StringComparison.Ordinal) || t.StartsWith("tenant.", StringComparison.Ordinal));
        Assert.All(types, t => Assert.Null(WebhookEvents.Check(t)));
    }
}
