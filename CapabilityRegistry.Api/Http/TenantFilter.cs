using System.Text.RegularExpressions;
using CapabilityRegistry.Data;

namespace CapabilityRegistry.Api.Http;

/// <summary>Who asks, and the database as that tenant sees it. Set by <see cref="TenantFilter"/> before any handler runs.</summary>
internal sealed class RegistryScope(RegistryDbContext database, TimeProvider clock)
{
    private string? _tenantId;

    public string TenantId => _tenantId ?? throw new InvalidOperationException("The endpoint is outside the tenant's route group.");

    /// <summary>Who acts. One and the same until identities exist.</summary>
    public string Actor { get; } = "api";

    public RegistryDbContext Database { get; } = database;

    public DateTimeOffset Now => clock.GetUtcNow();

    /// <summary>A new id: UUID version 7.</summary>
    public Guid NewId() => Guid.CreateVersion7(Now);

    public void Enter(string tenantId) => Database.TenantId = _tenantId = tenantId;
}

/// <summary>Takes the tenant from <c>X-Tenant-ID</c>.</summary>
internal sealed partial class TenantFilter : IEndpointFilter
{
    public const string Header = "X-Tenant-ID";

    public ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var tenant = context.HttpContext.Request.Headers[Header].ToString();
        if (!TenantId().IsMatch(tenant))
        {
            var message = tenant.Length == 0 ? $"The header {Header} must name the tenant." : $"The header {Header} must be 1 to 63 of a-z, 0-9, '-' and '_', and begin with a letter or digit.";
            return ValueTask.FromResult<object?>(Problems.Invalid("", "invalid_tenant", message));
        }

        context.HttpContext.RequestServices.GetRequiredService<RegistryScope>().Enter(tenant);
        return next(context);
    }

    [GeneratedRegex("^[a-z0-9][a-z0-9_-]{0,62}\\z", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex TenantId();
}
