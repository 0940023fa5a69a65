using System.Reflection;
using CapabilityRegistry.Core.Manifests;
using Microsoft.AspNetCore.Http.Metadata;

namespace CapabilityRegistry.Api.Http;

/// <summary>Refuses query parameters that an operation does not know: a filter that is silently ignored gives wrong answers.</summary>
internal static class KnownQueryParameters
{
    public static EndpointFilterDelegate Filter(EndpointFilterFactoryContext context, EndpointFilterDelegate next)
    {
        var known = context.MethodInfo.GetParameters().SelectMany(NamesOf).ToHashSet(StringComparer.Ordinal);
        return invocation =>
        {
            var findings = invocation.HttpContext.Request.Query.Keys.Where(key => !known.Contains(key)).Select(key => Unknown(key, known)).ToArray();
            return findings.Length == 0 ? next(invocation) : ValueTask.FromResult<object?>(Problems.Invalid(findings));
        };
    }

    private static Finding Unknown(string key, IReadOnlyCollection<string> known) => new(
        $"?{key}",
        "unknown_parameter",
        $"There is no parameter '{key}' here.{NearestName.Hint(key, known)}{(known.Count == 0 ? "" : $" Known: {string.Join(", ", known.Order(StringComparer.Ordinal))}.")}");

    private static IEnumerable<string> NamesOf(ParameterInfo parameter)
    {
        if (parameter.GetCustomAttribute<AsParametersAttribute>() is not null)
        {
            return parameter.ParameterType.GetProperties().SelectMany(p => p.GetCustomAttributes().OfType<IFromQueryMetadata>()).Select(q => q.Name!);
        }

        return parameter.GetCustomAttributes().OfType<IFromQueryMetadata>().Select(q => q.Name ?? parameter.Name!);
    }
}
