namespace CapabilityRegistry.Cli.Logins;

/// <summary>Where users keep what programs know about them.</summary>
internal static class ConfigFolder
{
    private const string Name = "capability-registry";

    public static string Of(Surroundings surroundings)
    {
        if (surroundings.Variable("REGISTRY_CONFIG_DIR") is { } chosen)
        {
            return Path.GetFullPath(chosen);
        }

        // The XDG specification has relative paths ignored.
        if (!OperatingSystem.IsWindows() && surroundings.Variable("XDG_CONFIG_HOME") is { } config && Path.IsPathRooted(config))
        {
            return Path.Combine(config, Name);
        }

        var home = OperatingSystem.IsWindows()
            ? Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData)
            : surroundings.Variable("HOME") ?? Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        return home.Length == 0
            ? throw new InvalidDataException("There is no home folder to keep logins in; name a folder with REGISTRY_CONFIG_DIR.")
            : Path.Combine(home, OperatingSystem.IsWindows() ? "" : ".config", Name);
    }
}
