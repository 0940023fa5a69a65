namespace CapabilityRegistry.Benchmarks.Rolling;

/// <summary>What is to be done.</summary>
/// <param name="Restarts">How many restarts at most.</param>
/// <param name="Duration">How long at most; a restart that has begun is finished.</param>
/// <param name="Clients">How many of each kind ask at a time.</param>
/// <param name="Pause">What each of them waits between two requests.</param>
/// <param name="DrainSeconds">How long a process that was told to stop goes on serving.</param>
internal sealed record RollingPlan(int Restarts, TimeSpan Duration, int Clients, TimeSpan Pause, int DrainSeconds);

/// <summary>One restart.</summary>
/// <param name="Name">Whose.</param>
/// <param name="Began">When it was told to stop.</param>
/// <param name="Gone">When it was gone.</param>
/// <param name="Ready">When it was ready again.</param>
/// <param name="ExitCode">How it ended.</param>
internal sealed record Restart(string Name, long Began, long Gone, long Ready, int ExitCode);

/// <summary>Where the data are.</summary>
/// <param name="ConnectionString">For the processes.</param>
/// <param name="OwnerConnectionString">For the migrations.</param>
/// <param name="Folder">Where what the processes print is written.</param>
internal sealed record RollingStore(string ConnectionString, string OwnerConnectionString, string Folder);
