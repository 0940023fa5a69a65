namespace CapabilityRegistry.Core.Manifests;

/// <summary>One thing that is wrong with a document.</summary>
/// <param name="Pointer">Where, as a JSON pointer (RFC 6901) into the document; empty for the whole.</param>
/// <param name="Code">A stable word for programs, such as <c>unknown_member</c> or <c>invalid_version</c>.</param>
/// <param name="Message">A sentence for people.</param>
public sealed record Finding(string Pointer, string Code, string Message);
