using System.Text.Json;
using CapabilityRegistry.Tests.Api.Identity;
using CapabilityRegistry.Tests.Testing;

namespace CapabilityRegistry.Tests.Api.Webhooks;

/// <summary>From a write to its receiver, through API, sequence, relay and worker as they are deployed.</summary>
public sealed class WebhookJourneyTests(DatabaseServer server)
{
    [Fact(Timeout = 120_000)]
    public async Task What_is_published_reaches_its_subscriber_signed_with_the_secret_that_was_shown()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var app = await RegistryApp.StartAsync(await server.CreateDatabaseAsync(), withWorker: true, settings: Settings.Of(("Webhooks:AllowedHosts:0", "127.0.0.1")));
        var created = await app.PostAsync("/api/webhooks", $$"""{"url":"{{receiver.Url}}/in","events":["version.published"]}""");
        var (path, secret) = (created.Headers.Location!.ToString(), created.Json.GetProperty("secret").GetString()!);
        var written = await app.PostAsync("/api/capabilities", Sample.Manifest("travelled", "1.2.3"));
        Assert.Equal(201, written.Status);

        var message = await receiver.NextAsync();
        Assert.True(message.IsSignedWith(secret));
        var data = JsonDocument.Parse(message.Body).RootElement.GetProperty("data");
        Assert.Equal(("travelled", "1.2.3", TestTokens.ClientId), (data.GetProperty("capability_code").GetString(), data.GetProperty("version").GetString(), data.GetProperty("actor").GetString()));
        Assert.Equal(written.Json.GetProperty("capability_id").GetString(), data.GetProperty("capability_id").GetString());

        var rotated = (await app.PostAsync($"{path}/secret/rotate", null)).Json.GetProperty("secret").GetString()!;
        var test = await app.PostAsync($"{path}/test", null);
        var second = await receiver.NextAsync();
        Assert.Equal(test.Json.GetProperty("message_id").GetString(), second.Id);
        Assert.Equal(test.Json.GetProperty("payload").GetString(), System.Text.Encoding.UTF8.GetString(second.Body));
        Assert.True(second.IsSignedWith(secret) && second.IsSignedWith(rotated));

        var delivery = test.Headers.Location!.ToString();
        var state = await UntilFinishedAsync(app, delivery, TestContext.Current.CancellationToken);
        Assert.Equal(("delivered", 200), (state.GetProperty("state").GetString(), state.GetProperty("attempts")[0].GetProperty("status").GetInt32()));
        await app.PostAsync($"{delivery}/redeliver", null);
        Assert.Equal(second.Id, (await receiver.NextAsync()).Id);
        Assert.Equal(2, (await UntilFinishedAsync(app, delivery, TestContext.Current.CancellationToken)).GetProperty("attempts").GetArrayLength());
        Assert.Equal(3, receiver.Count);
    }

    private static async Task<JsonElement> UntilFinishedAsync(RegistryApp app, string delivery, CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var answer = await app.GetAsync(delivery);
            if (answer.Json.GetProperty("state").GetString() != "pending")
            {
                return answer.Json;
            }
        }
    }
}
