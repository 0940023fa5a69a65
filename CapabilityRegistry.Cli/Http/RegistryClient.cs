using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Serialization.Metadata;
using CapabilityRegistry.Cli.Logins;

namespace CapabilityRegistry.Cli.Http;

/// <summary>Speaks to one registry as whoever is logged in.</summary>
internal sealed class RegistryClient(Connection connection, Identity identity, Repeats repeats)
{
    /// <summary>Reads; again after a pause when the registry asks for one.</summary>
    public Task<Answer<T>> GetAsync<T>(string address, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        repeats.RunAsync(token => ExchangeAsync(() => new(HttpMethod.Get, address), type, token), cancellationToken);

    /// <summary>Reads an answer of any length; again after a pause when the registry asks for one before it begins.</summary>
    public Task<HttpResponseMessage> OpenAsync(string address, CancellationToken cancellationToken) =>
        repeats.RunAsync(token => OpenAsync(() => new(HttpMethod.Get, address), token), cancellationToken);

    /// <summary>Asks by POST what changes nothing; again after a pause when the registry asks for one.</summary>
    public Task<Answer<TAnswer>> AskAsync<TBody, TAnswer>(
        string address, TBody body, JsonTypeInfo<TBody> bodyType, JsonTypeInfo<TAnswer> type, CancellationToken cancellationToken) =>
        repeats.RunAsync(
            token => ExchangeAsync(() => new(HttpMethod.Post, address) { Content = JsonContent.Create(body, bodyType) }, type, token), cancellationToken);

    /// <summary>Has something done, once.</summary>
    public Task<Answer<T>> PostAsync<T>(string address, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        ExchangeAsync(() => new(HttpMethod.Post, address), type, cancellationToken);

    /// <summary>Sends a request, with a newer token if it is refused for its token alone, and returns as soon as the answer begins.
    /// A request can be sent only once, so another is made for the second attempt.</summary>
    /// <exception cref="RefusedException">The registry answered with an error.</exception>
    /// <exception cref="NotLoggedInException">There is no token that the registry takes.</exception>
    public async Task<HttpResponseMessage> OpenAsync(Func<HttpRequestMessage> create, CancellationToken cancellationToken)
    {
        var token = await identity.GetTokenAsync(cancellationToken);
        try
        {
            return await SendAsync(create, token, cancellationToken);
        }
        catch (RefusedException refused) when (refused.Status == (int)HttpStatusCode.Unauthorized)
        {
            token = await identity.ReplaceAsync(token, cancellationToken);
        }

        try
        {
            return await SendAsync(create, token, cancellationToken);
        }
        catch (RefusedException refused) when (refused.Status == (int)HttpStatusCode.Unauthorized)
        {
            throw identity.Refused();
        }
    }

    private async Task<HttpResponseMessage> SendAsync(Func<HttpRequestMessage> create, string token, CancellationToken cancellationToken)
    {
        using var request = create();
        return await connection.SendAsync(request, token, cancellationToken);
    }

    private Task<Answer<T>> ExchangeAsync<T>(Func<HttpRequestMessage> create, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        connection.PatientlyAsync(
            async token =>
            {
                using var response = await OpenAsync(create, token);
                return await Answer<T>.ReadAsync(response, type, token);
            },
            cancellationToken);
}
