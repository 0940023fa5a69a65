using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using NpgsqlTypes;

namespace CapabilityRegistry.Data.Model;

/// <summary>What search reads of a living capability: narrow, so that many fit on a page of the disk. Written in the transaction that changes the capability (docs/adr/0011).</summary>
public sealed class SearchDocument : ITenantOwned
{
    public required string TenantId { get; init; }

    public required Guid CapabilityId { get; init; }

    /// <summary>The capability's code: what is found exactly, in part, and decides between equals.</summary>
    public required string NameLc { get; set; }

    /// <summary>How many words the name has.</summary>
    public short NameWords { get; set; }

    /// <summary>What the capability is worth whatever is searched for, from 0 to 100 in steps of 5 (<c>search_rank</c> in security.sql): small changes move nothing.</summary>
    public short StaticRank { get; set; }

    public required string Category { get; set; }

    public required string Status { get; set; }

    public double QualityScore { get; set; }

    /// <summary>The words of code and name, as they are written.</summary>
    public required NpgsqlTsVector Tsn { get; set; }

    /// <summary>The stems of everything that is searched.</summary>
    public required NpgsqlTsVector Tsv { get; set; }
}

// No foreign key: a capability is never removed, and each would be looked up once more.
/// <summary>The indexes come in three bands of the static rank: a search reads the band of the best first and mostly needs no other. The bands are those of search_capabilities in security.sql.</summary>
internal sealed class SearchDocumentConfiguration : IEntityTypeConfiguration<SearchDocument>
{
    private static readonly string[] Bands = ["static_rank >= 50", "static_rank >= 40 AND static_rank < 50", "static_rank < 40"];

    public void Configure(EntityTypeBuilder<SearchDocument> builder)
    {
        builder.HasKey(d => d.CapabilityId);
        builder.Property(d => d.NameLc).UseCollation("C");
        builder.HasIndex(d => new { d.TenantId, d.StaticRank, d.NameLc }).IsDescending(false, true, false).HasDatabaseName("ix_search_documents_rank");
        foreach (var (band, filter) in Bands.Index())
        {
            builder.HasIndex(d => new { d.TenantId, d.Tsn }, $"names {band}").HasMethod("gin").HasFilter(filter).HasDatabaseName($"ix_search_documents_names_{band}");
            builder.HasIndex(d => new { d.TenantId, d.Tsv }, $"words {band}").HasMethod("gin").HasFilter(filter).HasDatabaseName($"ix_search_documents_words_{band}");
        }

        builder.HasIndex(d => new { d.TenantId, d.NameLc }, "parts").HasMethod("gin").HasOperators("", "gin_trgm_ops").HasDatabaseName("ix_search_documents_parts");
    }
}
