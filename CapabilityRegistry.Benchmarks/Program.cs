using System.CommandLine;
using CapabilityRegistry.Benchmarks.Chaos;
using CapabilityRegistry.Benchmarks.Http;
using CapabilityRegistry.Benchmarks.Libsolv;
using CapabilityRegistry.Benchmarks.Rolling;
using CapabilityRegistry.Benchmarks.Truth;

return await new RootCommand("Measures the Capability Registry against the truth and against its peers.") { TruthCommand.Create(), LibsolvCommand.Create(), AuthorizationCommand.Create(), PublishCommand.Create(), ChaosCommand.Create(), RollingCommand.Create(), SocketsCommand.Create() }.Parse(args).InvokeAsync();
