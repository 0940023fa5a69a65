using System.CommandLine;

namespace CapabilityRegistry.Cli.Audit;

/// <summary><c>audit</c></summary>
internal static class AuditCommand
{
    public static Command Create(GlobalOptions global) => new("audit", "Note the end of the audit chain, and verify entries against it.")
    {
        AuditHeadCommand.Create(global),
        AuditVerifyCommand.Create(global),
    };
}
