using System.CommandLine;
using CapabilityRegistry.Benchmarks.Chaos;
using CapabilityRegistry.Benchmarks.Http;
using CapabilityRegistry.Benchmarks.Libsolv;
using CapabilityRegistry.Benchmarks.Rolling;
using CapabilityRegistry.Benchmarks.Soak;
using CapabilityRegistry.Benchmarks.Truth;
using Spectre.Console;

// Nobody folds the lines of a file.
AnsiConsole.Profile.Width = Console.IsOutputRedirected ? 400 : AnsiConsole.Profile.Width;
return await new RootCommand("Measures the Capability Registry against the truth and against its peers.") { TruthCommand.Create(), LibsolvCommand.Create(), AuthorizationCommand.Create(), PublishCommand.Create(), ChaosCommand.Create(), RollingCommand.Create(), SocketsCommand.Create(), SoakCommand.Create() }.Parse(args).InvokeAsync();
