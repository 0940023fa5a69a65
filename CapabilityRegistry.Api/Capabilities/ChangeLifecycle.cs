using CapabilityRegistry.Api.Http;
using CapabilityRegistry.Core.Manifests;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CapabilityRegistry.Api.Capabilities;

/// <summary>Deprecates, yanks, retires or restores a version. Doing it again changes the words, not the state, and is no error.</summary>
internal static class ChangeLifecycle
{
    public static Task<Results<Ok<VersionView>, Problem>> DeprecateAsync(string capability, string version, JsonBody<Deprecation> body, RegistryScope scope, CancellationToken cancellationToken) =>
        scope.ChangeLifecycleAsync(capability, version, new(LifecycleState.Deprecated, body.Value.Message, body.Value.ReplacedBy, body.Value.SunsetAt), cancellationToken);

    public static Task<Results<Ok<VersionView>, Problem>> YankAsync(string capability, string version, JsonBody<Withdrawal> body, RegistryScope scope, CancellationToken cancellationToken) =>
        scope.ChangeLifecycleAsync(capability, version, new(LifecycleState.Yanked, body.Value.Reason, null, null), cancellationToken);

    public static Task<Results<Ok<VersionView>, Problem>> RetireAsync(string capability, string version, JsonBody<Withdrawal> body, RegistryScope scope, CancellationToken cancellationToken) =>
        scope.ChangeLifecycleAsync(capability, version, new(LifecycleState.Retired, body.Value.Reason, null, null), cancellationToken);

    public static Task<Results<Ok<VersionView>, Problem>> RestoreAsync(string capability, string version, RegistryScope scope, CancellationToken cancellationToken) =>
        scope.ChangeLifecycleAsync(capability, version, new(LifecycleState.Active, null, null, null), cancellationToken);

    internal sealed record Deprecation(string? Message = null, string? ReplacedBy = null, DateTimeOffset? SunsetAt = null);

    internal sealed record Withdrawal([property: System.Text.Json.Serialization.JsonRequired] string Reason);
}
