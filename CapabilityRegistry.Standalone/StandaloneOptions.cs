namespace CapabilityRegistry.Standalone;

/// <summary>How the standalone registry was asked to run.</summary>
/// <param name="Port">The HTTP port on 127.0.0.1.</param>
/// <param name="DataDirectory">Where the embedded server keeps its data.</param>
/// <param name="Fresh">Discard the data that lies there.</param>
/// <param name="Seed">A file of manifests, or <c>builtin</c>; null for none.</param>
/// <param name="NewSecret">Make a further secret of the first administrator.</param>
/// <param name="ConnectionString">A server to use instead of the embedded one.</param>
internal sealed record StandaloneOptions(int Port, string DataDirectory, bool Fresh, string? Seed, bool NewSecret, string? ConnectionString);
