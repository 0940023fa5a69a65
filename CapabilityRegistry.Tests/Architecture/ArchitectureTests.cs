using System.Reflection;
using CapabilityRegistry.Api;
using CapabilityRegistry.Core.Resolution;
using CapabilityRegistry.Data;
using CapabilityRegistry.ServiceDefaults;
using CapabilityRegistry.Worker;
using Microsoft.AspNetCore.Http;

namespace CapabilityRegistry.Tests.Architecture;

/// <summary>The rules of the house (docs/adr/0001). Every rule also asserts that it looked at something.</summary>
public sealed class ArchitectureTests
{
    private static readonly Assembly ApiAssembly = typeof(ApiHost).Assembly;

    [Theory]
    [InlineData(typeof(Resolver), "")]
    [InlineData(typeof(RegistryDbContext), "Core")]
    [InlineData(typeof(ServiceDefaultsExtensions), "")]
    [InlineData(typeof(ApiHost), "Core Data ServiceDefaults")]
    [InlineData(typeof(WorkerHost), "Core Data ServiceDefaults")]
    public void A_project_references_only_what_the_house_allows(Type inside, string allowed)
    {
        var ours = References(inside.Assembly).Where(name => name.StartsWith("CapabilityRegistry.", StringComparison.Ordinal)).Select(name => name["CapabilityRegistry.".Length..]);
        Assert.Empty(ours.Except(allowed.Split(' ')));
        Assert.NotEmpty(References(inside.Assembly));
    }

    [Fact]
    public void Core_is_pure()
    {
        string[] impure = ["Microsoft.", "Npgsql", "System.Net", "System.Data", "System.IO.FileSystem", "System.Diagnostics.Process"];
        Assert.DoesNotContain(References(typeof(Resolver).Assembly), name => impure.Any(i => name.StartsWith(i, StringComparison.Ordinal)));
    }

    [Fact]
    public void A_use_case_is_one_static_class_with_a_handler_that_can_be_cancelled_and_asks_for_little()
    {
        var handlers = ApiAssembly.GetTypes().SelectMany(t => t.GetMethods(BindingFlags.Public | BindingFlags.Static))
            .Where(m => m.Name.EndsWith("Async", StringComparison.Ordinal) && m.GetParameters().Any(p => p.ParameterType.Name == "RegistryScope") && !m.IsDefined(typeof(System.Runtime.CompilerServices.ExtensionAttribute), false))
            .ToArray();
        Assert.True(handlers.Length >= 20, $"{handlers.Length} handlers");
        Assert.All(handlers, h => Assert.Contains(h.GetParameters(), p => p.ParameterType == typeof(CancellationToken) || p.ParameterType == typeof(HttpContext)));
        Assert.All(handlers, h => Assert.True(h.GetParameters().Count(p => p.ParameterType != typeof(CancellationToken)) <= 5, h.DeclaringType!.Name));
    }

    [Fact]
    public void No_handler_answers_with_an_entity()
    {
        var entities = typeof(RegistryDbContext).Assembly.GetTypes().Where(typeof(CapabilityRegistry.Data.Model.ITenantOwned).IsAssignableFrom).Where(t => t.IsClass).ToArray();
        Assert.True(entities.Length >= 7);
        var answers = ApiAssembly.GetTypes().SelectMany(t => t.GetMethods(BindingFlags.Public | BindingFlags.Static)).Where(m => m.Name.EndsWith("Async", StringComparison.Ordinal) && !m.IsDefined(typeof(System.Runtime.CompilerServices.ExtensionAttribute), false))
            .SelectMany(m => Flatten(m.ReturnType)).ToHashSet();
        Assert.NotEmpty(answers);
        Assert.Empty(answers.Intersect(entities));
    }

    [Fact]
    public void Outside_core_and_hosts_types_of_the_api_are_internal()
    {
        var open = ApiAssembly.GetExportedTypes().Select(t => t.Name).ToArray();
        Assert.Equal(["ApiHost", "Program"], open.Order(StringComparer.Ordinal));
    }

    private static string[] References(Assembly assembly) => [.. assembly.GetReferencedAssemblies().Select(n => n.Name!)];

    private static IEnumerable<Type> Flatten(Type type) => type.IsGenericType ? type.GetGenericArguments().SelectMany(Flatten).Append(type) : [type];
}
