using System.Runtime.CompilerServices;

namespace CapabilityRegistry.Tests.Testing;

/// <summary>What is set for the process of the tests, and for those that it starts.</summary>
internal static class TestProcess
{
    /// <summary>No host looks for changes of its configuration files. Each would keep an inotify instance, of which a user has 128 on many machines: fewer than there are hosts here.</summary>
    [ModuleInitializer]
    internal static void Prepare() => Environment.SetEnvironmentVariable("DOTNET_hostBuilder__reloadConfigOnChange", "false");
}
