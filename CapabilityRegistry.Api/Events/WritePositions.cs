using System.Globalization;
using CapabilityRegistry.Data.Events;
using Npgsql;

namespace CapabilityRegistry.Api.Events;

/// <summary>Says how far the sequence must be read to see a write.</summary>
internal sealed partial class WritePositions(SequenceGate gate, ILogger<WritePositions> logger)
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(2);

    /// <summary>A position that has everything in it that is committed. Null when it cannot be told in time: the write is kept all the same.</summary>
    public async Task<string?> AfterAsync()
    {
        try
        {
            return (await gate.AdvanceAsync().WaitAsync(LongestWait)).ToString(CultureInfo.InvariantCulture);
        }
        catch (Exception exception) when (exception is NpgsqlException or TimeoutException)
        {
            Log.NoPosition(logger, exception.Message);
            return null;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "A write is kept, but its position cannot be told: {Reason}")]
        public static partial void NoPosition(ILogger logger, string reason);
    }
}
