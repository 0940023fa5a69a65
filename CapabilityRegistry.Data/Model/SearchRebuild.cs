using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace CapabilityRegistry.Data.Model;

/// <summary>An index of the search engine that is being built: while the row is there, every change is written to it too. Belongs to no tenant.</summary>
public sealed class SearchRebuild
{
    public required string IndexName { get; init; }

    public required DateTimeOffset StartedAt { get; init; }
}

internal sealed class SearchRebuildConfiguration : IEntityTypeConfiguration<SearchRebuild>
{
    public void Configure(EntityTypeBuilder<SearchRebuild> builder) => builder.HasKey(r => r.IndexName);
}
