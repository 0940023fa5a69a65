using CapabilityRegistry.Tests.Testing;

namespace CapabilityRegistry.Tests.Api.Mobile;

/// <summary>The list that devices get.</summary>
public sealed class CompactListTests(RegistryFixture registry) : IClassFixture<RegistryFixture>
{
    private RegistryApp App => registry.App;

    [Fact]
    public async Task The_compact_list_goes_by_limit_and_offset()
    {
        const string tenant = "mobile-list";
        await App.FillAsync(tenant, 7);
        var codes = new List<string>();
        for (var offset = 0; ;)
        {
            var page = (await App.GetAsync($"/api/mobile/capabilities?limit=3&offset={offset}", tenant)).Json;
            Assert.Equal((7, 3, offset), (page.GetProperty("total_count").GetInt32(), page.GetProperty("limit").GetInt32(), page.GetProperty("offset").GetInt32()));
            codes.AddRange(MobileCalls.CodesOf(page, "items"));
            offset += 3;
            if (!page.GetProperty("has_more").GetBoolean())
            {
                break;
            }
        }

        Assert.Equal(Enumerable.Range(0, 7).Select(i => $"item-{i}"), codes);
        var item = (await App.GetAsync("/api/mobile/capabilities?limit=1", tenant)).Json.GetProperty("items")[0];
        Assert.Equal(
            ["capability_id", "capability_code", "capability_name", "short_description", "category", "status", "version", "revision", "updated_at"], item.EnumerateObject().Select(m => m.Name));
    }

    [Theory]
    [InlineData("limit=0", "?limit")]
    [InlineData("limit=101", "?limit")]
    [InlineData("offset=-1", "?offset")]
    [InlineData("offset=9990&limit=11", "?offset")]
    public async Task A_part_of_the_list_that_is_out_of_bounds_is_refused(string query, string pointer)
    {
        var answer = await App.GetAsync($"/api/mobile/capabilities?{query}");
        Assert.Equal(400, answer.Status);
        Assert.Equal([pointer], answer.ErrorPointers);
    }
}
