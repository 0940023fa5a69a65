using CapabilityRegistry.Cli;

return await RegistryCommand.RunAsync(args);
