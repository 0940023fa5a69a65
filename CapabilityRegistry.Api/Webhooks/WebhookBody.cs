using System.Reflection;
using System.Text.Json;
using CapabilityRegistry.Api.Http;
using CapabilityRegistry.Core.Manifests;
using CapabilityRegistry.Data.Webhooks;
using Microsoft.AspNetCore.Http.Metadata;

namespace CapabilityRegistry.Api.Webhooks;

/// <summary>A body that may have a member <c>url</c>. Where that leads is looked up while the body is read: before there is a transaction that would wait for it.</summary>
/// <remarks>The look-up is a courtesy to whoever mistyped. What counts is the one that the worker makes for every connection.</remarks>
internal sealed class WebhookBody<T>(JsonBody<T> body, string? refusal) : IRequestBody, IEndpointParameterMetadataProvider
    where T : class
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public T Value { get; } = body.Value;

    /// <inheritdoc />
    public ReadOnlyMemory<byte> Utf8 { get; } = body.Utf8;

    /// <summary>A list with what is wrong with the address.</summary>
    public List<Finding> Findings => refusal is null ? [] : [new("/url", "invalid_url", refusal)];

    public static async ValueTask<WebhookBody<T>> BindAsync(HttpContext context)
    {
        var body = await JsonBody<T>.BindAsync(context);
        return new(body, UrlIn(body.Utf8) is { } url ? await CheckAsync(url, context) : null);
    }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) => builder.Metadata.Add(new AcceptsMetadata(["application/json"], typeof(T)));

    private static string? UrlIn(ReadOnlyMemory<byte> utf8)
    {
        using var document = JsonDocument.Parse(utf8, RegistryJson.Document);
        return document.RootElement.ValueKind is JsonValueKind.Object && document.RootElement.TryGetProperty("url", out var url) && url.ValueKind is JsonValueKind.String ? url.GetString() : null;
    }

    private static async Task<string?> CheckAsync(string url, HttpContext context)
    {
        var targets = context.RequestServices.GetRequiredService<WebhookTargets>();
        if (targets.Check(url) is { } wrong)
        {
            return wrong;
        }

        using var patience = new CancellationTokenSource(Patience, context.RequestServices.GetRequiredService<TimeProvider>());
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, context.RequestAborted);
        try
        {
            return await targets.CheckHostAsync(url, either.Token);
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            return null;
        }
    }
}
