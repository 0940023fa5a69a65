using CapabilityRegistry.Core.Versions;

namespace CapabilityRegistry.Core.Manifests;

/// <summary>A manifest that passed every rule, with the forms that the registry stores.</summary>
/// <param name="Code">The capability code in lower case.</param>
/// <param name="Version">The version.</param>
/// <param name="Manifest">The document as a value.</param>
/// <param name="Json">The document as text, compact, members as they came.</param>
/// <param name="ContentHash">SHA-256 of the document in its normal form: equal for documents that declare the same, whatever their member order and empty lists.</param>
/// <param name="ResolutionHash">SHA-256 of the part that resolution reads: a document may be corrected in place only while this stays.</param>
public sealed record Release(string Code, SemanticVersion Version, Manifest Manifest, string Json, byte[] ContentHash, byte[] ResolutionHash);
