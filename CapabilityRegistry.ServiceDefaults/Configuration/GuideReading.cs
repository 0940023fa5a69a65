namespace CapabilityRegistry.ServiceDefaults.Configuration;

/// <summary>What an environment says under the guide's names: everything that is well-formed, and a sentence for everything that is not.</summary>
internal sealed class GuideReading
{
    /// <summary>Where a misspelt name would otherwise go unnoticed: nobody else's variables begin so, near to one of ours.</summary>
    private static readonly string[] OurPrefixes = ["RATE_LIMIT_", "ENABLE_", "JWT_", "APG_"];

    private static readonly string[] PortSchemes = ["tcp://", "udp://", "sctp://"];

    private static readonly HashSet<string> Names = [.. GuideVariables.All.Select(variable => variable.Name)];

    private readonly Dictionary<string, string> _variables = [];
    private readonly Dictionary<string, string> _settings = [];
    private readonly List<string> _findings = [];

    private GuideReading()
    {
    }

    /// <summary>The variables that are present and well-formed.</summary>
    public IReadOnlyDictionary<string, string> Variables => _variables;

    /// <summary>Our own keys with their values.</summary>
    public IReadOnlyDictionary<string, string> Settings => _settings;

    public IReadOnlyList<string> Findings => _findings;

    public static GuideReading Of(IReadOnlyDictionary<string, string> environment)
    {
        var reading = new GuideReading();
        foreach (var variable in GuideVariables.All)
        {
            if (environment.TryGetValue(variable.Name, out var text) && !string.IsNullOrWhiteSpace(text) && !IsOfKubernetes(variable.Name, text))
            {
                reading.Read(variable, text);
            }
        }

        reading.FindMisspeltNames(environment.Keys);
        return reading;
    }

    private void Read(GuideVariable variable, string text)
    {
        // A file or a YAML block leaves a line's end behind; in a password it may be meant.
        var isPassword = variable.IsSecret && ReferenceEquals(variable.Kind, VariableKind.Text);
        if (variable.Kind.Read(isPassword ? text : text.Trim()) is not { } value)
        {
            _findings.Add($"{variable.Name}: expected {variable.Kind.Expected}.");
            return;
        }

        _variables[variable.Name] = value;
        foreach (var key in variable.Keys)
        {
            _settings.TryAdd(key, value);
        }
    }

    private void FindMisspeltNames(IEnumerable<string> names)
    {
        var suspicious = names.Where(name => !Names.Contains(name) && OurPrefixes.Any(prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)));
        foreach (var name in suspicious.Order(StringComparer.Ordinal))
        {
            if (Nearest.Of(name, Names) is { } known)
            {
                _findings.Add($"{name}: unknown; did you mean {known}?");
            }
        }
    }

    /// <summary>Kubernetes gives every container variables named after the services of its namespace: <c>SMTP_PORT=tcp://10.0.0.7:25</c> is such a one, and not ours.</summary>
    private static bool IsOfKubernetes(string name, string text) =>
        name.EndsWith("_PORT", StringComparison.Ordinal) && PortSchemes.Any(scheme => text.StartsWith(scheme, StringComparison.Ordinal));
}
