using CapabilityRegistry.Core.Catalogues;
using CapabilityRegistry.Data.Catalogues;
using CapabilityRegistry.Tests.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace CapabilityRegistry.Tests.Data;

public sealed class CatalogueLoaderTests(RegistryFixture registry) : IClassFixture<RegistryFixture>
{
    [Fact]
    public async Task A_snapshot_of_which_most_is_gone_is_made_from_nothing()
    {
        const string tenant = "outgrown";
        await registry.App.ImportAsync(Sample.Manifest("kept"), tenant: tenant);
        var loader = registry.App.Services.GetRequiredService<CatalogueLoader>();
        var builder = new CatalogueBuilder(await loader.LoadAsync(tenant, null, TestContext.Current.CancellationToken));
        for (var i = 0; i < 5_000; i++)
        {
            builder.Remove($"gone-{i}");
        }

        var outgrown = builder.Build(0);
        Assert.True(outgrown.IsOutgrown);
        var anew = await loader.LoadAsync(tenant, outgrown, TestContext.Current.CancellationToken);
        Assert.False(anew.IsOutgrown);
        Assert.Equal(["kept"], anew.Codes());
        Assert.Same(anew, await loader.LoadAsync(tenant, anew, TestContext.Current.CancellationToken));
    }
}
