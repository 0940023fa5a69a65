namespace CapabilityRegistry.ServiceDefaults.Configuration;

/// <summary>An environment variable of the deployment guide, and its home here.</summary>
/// <param name="Name">The guide's name.</param>
/// <param name="Kind">What its value has to look like.</param>
/// <param name="Sets">What it decides, for the documentation.</param>
/// <param name="Default">What holds without it, for the documentation.</param>
/// <param name="Since">The release that reads it first, for the documentation.</param>
/// <param name="Keys">Our own keys that get the value. None for a variable that is only checked, or that needs more than its own value (<see cref="GuideVariablesExtensions"/>).</param>
internal sealed record GuideVariable(string Name, VariableKind Kind, string Sets, string Default, string Since, params string[] Keys)
{
    /// <summary>Whether the value is, or can contain, something that must not be seen.</summary>
    public bool IsSecret { get; init; }

    /// <summary>What the documentation says instead of keys, when there are none.</summary>
    public string Home { get; init; } = "";
}
