namespace CapabilityRegistry.Cli;

/// <summary>What the process tells its caller; documented to users by <see cref="HelpWithExitCodes"/>.</summary>
internal static class ExitCodes
{
    public const int Ok = 0;

    public const int Negative = 1;

    public const int Usage = 2;

    public const int Refused = 3;

    public const int Unreachable = 4;

    public const int NotLoggedIn = 5;

    public const int Cancelled = 130;
}
