using System.Globalization;
using System.Reflection;
using CapabilityRegistry.Core.Manifests;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.Metadata;

namespace CapabilityRegistry.Api.Http;

/// <summary>Says of a request that could not be bound which of its query parameters are not what they should be: all of them, in the caller's words.</summary>
internal static class QueryValues
{
    public static IReadOnlyList<Finding> FindingsOf(HttpContext http)
    {
        var endpoint = http.Features.Get<IExceptionHandlerFeature>()?.Endpoint ?? http.GetEndpoint();
        return endpoint?.Metadata.GetMetadata<MethodInfo>() is { } handler
            ? [.. handler.GetParameters().SelectMany(QueryParameters.Of).Where(p => http.Request.Query.ContainsKey(p.Name)).Select(p => FindingOf(p, http.Request.Query[p.Name].ToString())).OfType<Finding>()]
            : [];
    }

    private static Finding? FindingOf(QueryParameter parameter, string value) =>
        Wanted(parameter.Type, value) is { } wanted ? new($"?{parameter.Name}", "invalid_value", wanted) : null;

    /// <summary>What a value of the type looks like; null when this is one, or when the type takes any.</summary>
    private static string? Wanted(Type type, string value) => type switch
    {
        _ when type == typeof(int) => int.TryParse(value, NumberStyles.Integer, CultureInfo.InvariantCulture, out _) ? null : $"Must be a whole number from {int.MinValue} to {int.MaxValue}.",
        _ when type == typeof(long) => long.TryParse(value, NumberStyles.Integer, CultureInfo.InvariantCulture, out _) ? null : $"Must be a whole number from {long.MinValue} to {long.MaxValue}.",
        _ when type == typeof(double) => double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out _) ? null : "Must be a number.",
        _ when type == typeof(bool) => bool.TryParse(value, out _) ? null : "Must be true or false.",
        _ when type == typeof(DateTimeOffset) => DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, out _) ? null : "Must be a time as RFC 3339 writes it, such as 2026-11-27T09:00:00Z.",
        _ => null,
    };
}

/// <summary>A query parameter of an operation, with the type that its value must have.</summary>
internal readonly record struct QueryParameter(string Name, Type Type);

internal static class QueryParameters
{
    /// <summary>The query parameters that a parameter of a handler stands for.</summary>
    public static IEnumerable<QueryParameter> Of(ParameterInfo parameter)
    {
        if (parameter.GetCustomAttribute<AsParametersAttribute>() is not null)
        {
            return parameter.ParameterType.GetProperties().SelectMany(p => p.GetCustomAttributes().OfType<IFromQueryMetadata>().Select(q => new QueryParameter(q.Name!, Bare(p.PropertyType))));
        }

        return parameter.GetCustomAttributes().OfType<IFromQueryMetadata>().Select(q => new QueryParameter(q.Name ?? parameter.Name!, Bare(parameter.ParameterType)));
    }

    private static Type Bare(Type type) => Nullable.GetUnderlyingType(type) ?? type;
}
