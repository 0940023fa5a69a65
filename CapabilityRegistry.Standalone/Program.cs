using CapabilityRegistry.Standalone;

return await StandaloneCommand.Create().Parse(args).InvokeAsync();
