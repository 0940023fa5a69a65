using CapabilityRegistry.Api.Identity;
using CapabilityRegistry.Core.Manifests;

namespace CapabilityRegistry.Api.Http;

/// <summary>Refuses query parameters that an operation does not know: a filter that is silently ignored gives wrong answers.</summary>
internal static class KnownQueryParameters
{
    public static EndpointFilterDelegate Filter(EndpointFilterFactoryContext context, EndpointFilterDelegate next)
    {
        var known = context.MethodInfo.GetParameters().SelectMany(QueryParameters.Of).Select(p => p.Name).ToHashSet(StringComparer.Ordinal);
        HashSet<string> writing = [.. known, WriteFilter.DryRun];
        return invocation =>
        {
            var http = invocation.HttpContext;
            if (http.Request.Query.Count == 0)
            {
                return next(invocation);
            }

            var all = http.GetEndpoint().Writes() ? writing : known;
            var findings = http.Request.Query.Keys.Where(key => !all.Contains(key)).Select(key => Unknown(key, all)).ToArray();
            return findings.Length == 0 ? next(invocation) : ValueTask.FromResult<object?>(Problems.Invalid(findings));
        };
    }

    private static Finding Unknown(string key, IReadOnlyCollection<string> known) => new(
        $"?{key}",
        "unknown_parameter",
        $"There is no parameter '{key}' here.{NearestName.Hint(key, known)}{(known.Count == 0 ? "" : $" Known: {string.Join(", ", known.Order(StringComparer.Ordinal))}.")}");
}
