using System.ComponentModel.DataAnnotations;
using System.Globalization;
using CapabilityRegistry.Api.Http;
using CapabilityRegistry.Data.Events;
using Microsoft.Extensions.Options;

namespace CapabilityRegistry.Api.Events;

/// <summary>The section <c>Positions</c>: reading one's writes.</summary>
internal sealed class PositionOptions
{
    public const string SectionName = "Positions";

    /// <summary>How long a request waits for the position that it demands.</summary>
    [Range(1, 60)]
    public int WaitSeconds { get; set; } = 5;
}

/// <summary>Read your writes: a request that names a position (<c>Registry-Min-Position</c>) is answered from a state that has everything up to it.</summary>
/// <remarks>The tables always have; what this process keeps in memory has once its followers have come so far.</remarks>
internal sealed class PositionFilter(EventTail tail, SequenceGate gate, IOptions<PositionOptions> options) : IEndpointFilter
{
    /// <summary>What a write answers with.</summary>
    public const string Header = "Registry-Position";

    /// <summary>What a request demands.</summary>
    public const string MinimumHeader = "Registry-Min-Position";

    /// <summary>The position that a request demands, for what follows the sequence at a pace of its own; null when it demands none.</summary>
    public static long? Demanded(HttpRequest request) => long.TryParse(request.Headers[MinimumHeader], NumberStyles.None, CultureInfo.InvariantCulture, out var position) ? position : null;

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        if (!http.Request.Headers.TryGetValue(MinimumHeader, out var text))
        {
            return await next(context);
        }

        if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var position))
        {
            return Problems.Invalid("", "invalid_position", $"{MinimumHeader} is a position as {Header} gave it: a whole number.");
        }

        if (tail.Position >= position)
        {
            return await next(context);
        }

        // Every position that was ever told is given; one that is not given is somebody's mistake, or was lost with what a restored backup does not have.
        var head = await gate.AdvanceAsync().WaitAsync(http.RequestAborted);
        return position > head ? Problems.Invalid("", "unknown_position", $"The sequence has only come to {head}; {MinimumHeader} names {position}.")
            : await IsReachedAsync(position, http.RequestAborted) ? await next(context)
            : Problems.PositionNotReached(position);
    }

    private async Task<bool> IsReachedAsync(long position, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(options.Value.WaitSeconds));
        try
        {
            await tail.WaitForAsync(position, limit.Token);
            return true;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }
}
