namespace CapabilityRegistry.Api.Http;

internal static class Instants
{
    /// <summary>An instant as PostgreSQL keeps it, in UTC and whole microseconds. What is answered with must be what is read back, or a tag that was just given would match nothing.</summary>
    public static DateTimeOffset AsKept(this DateTimeOffset instant) => instant.ToUniversalTime().AddTicks(-(instant.UtcTicks % TimeSpan.TicksPerMicrosecond));
}
