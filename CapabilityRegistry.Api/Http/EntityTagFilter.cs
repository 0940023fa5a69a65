namespace CapabilityRegistry.Api.Http;

/// <summary>An operation whose answer is a measurement: never twice the same, so that no tag could ever match.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class MeasurementAttribute : Attribute;

/// <summary>Gives every JSON answer that stands for a resource its entity tag, and answers 304 when the caller has it already. No handler knows.</summary>
internal sealed class EntityTagFilter : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var result = Results.Innermost(await next(context));
        var http = context.HttpContext;
        return result is IValueHttpResult { Value: { } value } and IStatusCodeHttpResult { StatusCode: StatusCodes.Status200OK or StatusCodes.Status201Created } status
            && http.GetEndpoint()?.Metadata.GetMetadata<MeasurementAttribute>() is null
            && (http.Request.IsRead() || Identity.AccessConventions.Writes(http.GetEndpoint()))
            ? new Representation(status.StatusCode!.Value, Representation.Serialize(value), Results.LocationOf(result), value as IPage)
            : result;
    }

    /// <summary>Looks into results.</summary>
    internal static class Results
    {
        public static object? Innermost(object? result)
        {
            while (result is INestedHttpResult { Result: { } inner })
            {
                result = inner;
            }

            return result;
        }

        /// <summary>Created results of every type have a location and no interface that says so.</summary>
        public static string? LocationOf(object result) => result.GetType().GetProperty("Location")?.GetValue(result) as string;
    }
}
