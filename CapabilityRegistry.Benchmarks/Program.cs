using System.CommandLine;
using CapabilityRegistry.Benchmarks.Libsolv;
using CapabilityRegistry.Benchmarks.Truth;

return await new RootCommand("Measures the Capability Registry against the truth and against its peers.") { TruthCommand.Create(), LibsolvCommand.Create() }.Parse(args).InvokeAsync();
