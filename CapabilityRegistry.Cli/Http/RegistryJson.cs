using System.Text.Json.Serialization;
using CapabilityRegistry.Cli.Audit;
using CapabilityRegistry.Cli.Capabilities;
using CapabilityRegistry.Cli.Compositions;
using CapabilityRegistry.Cli.Health;
using CapabilityRegistry.Cli.Importing;
using CapabilityRegistry.Cli.Logins;
using CapabilityRegistry.Cli.Resolution;

namespace CapabilityRegistry.Cli.Http;

/// <summary>How everything on the wire is read and written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(ImportOutcome))]
[JsonSerializable(typeof(ImportSummary))]
[JsonSerializable(typeof(ListPage<CapabilityRow>))]
[JsonSerializable(typeof(ListPage<VersionRow>))]
[JsonSerializable(typeof(ListPage<CompositionRow>))]
[JsonSerializable(typeof(CapabilityDetails))]
[JsonSerializable(typeof(ResolveRequest))]
[JsonSerializable(typeof(ResolutionAnswer))]
[JsonSerializable(typeof(LockDocument))]
[JsonSerializable(typeof(AuditHead))]
[JsonSerializable(typeof(AuditVerification))]
[JsonSerializable(typeof(TokenRequest))]
[JsonSerializable(typeof(TokenAnswer))]
[JsonSerializable(typeof(LoginSummary))]
[JsonSerializable(typeof(RegistryHealth))]
[JsonSerializable(typeof(HealthReport))]
internal sealed partial class RegistryJson : JsonSerializerContext;
