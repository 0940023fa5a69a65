using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace CapabilityRegistry.ServiceDefaults.Shutdown;

/// <summary>Makes every answer of a process that is about to stop the last of its connection: <c>Connection: close</c>, or GOAWAY.</summary>
/// <remarks>A connection that nobody uses is left to the other side, which closes it by its own timeout: were it closed here, a request that is on its way into it would be lost.</remarks>
internal sealed class LastAnswers : IStartupFilter
{
    private readonly Drain _drain;
    private readonly Func<object, Task> _part;

    public LastAnswers(Drain drain) => (_drain, _part) = (drain, state => PartAsync((HttpContext)state));

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use((context, go) =>
        {
            // Asked when the answer begins: a long poll may have begun before the drain.
            context.Response.OnStarting(_part, context);
            return go(context);
        });
        next(app);
    };

    private Task PartAsync(HttpContext context)
    {
        if (_drain.HasBegun && context.Response.StatusCode != StatusCodes.Status101SwitchingProtocols)
        {
            context.Features.Get<IConnectionLifetimeNotificationFeature>()?.RequestClose();
        }

        return Task.CompletedTask;
    }
}
