using System.Text.Json.Nodes;

namespace CapabilityRegistry.Data.Search.Elasticsearch;

/// <summary>Settings and mapping of an index. Strict: what the mapping does not name is refused. Words come ready from our own tokenizer; the index splits at blanks, and stems as PostgreSQL does.</summary>
internal static class IndexDefinition
{
    /// <summary>The stop words of PostgreSQL's <c>english</c>, so that both engines leave out the same.</summary>
    private const string StopWords =
        "i me my myself we our ours ourselves you your yours yourself yourselves he him his himself she her hers herself it its itself they them their theirs themselves what which who whom this that these those "
        + "am is are was were be been being have has had having do does did doing a an the and but if or because as until while of at by for with about against between into through during before after above below "
        + "to from up down in out on off over under again further then once here there when where why how all any both each few more most other some such no nor not only own same so than too very s t can will just don should now";

    public static byte[] Of(string alias) => Utf8.Of(new JsonObject
    {
        ["settings"] = new JsonObject { ["index"] = new JsonObject { ["refresh_interval"] = "-1" }, ["analysis"] = Analysis() },
        ["mappings"] = new JsonObject { ["dynamic"] = "strict", ["_routing"] = new JsonObject { ["required"] = true }, ["properties"] = Properties() },
        ["aliases"] = new JsonObject { [alias] = new JsonObject() },
    });

    private static JsonObject Analysis() => new()
    {
        ["filter"] = new JsonObject
        {
            ["registry_stop"] = new JsonObject { ["type"] = "stop", ["stopwords"] = new JsonArray([.. StopWords.Split(' ').Select(word => (JsonNode)word)]) },
            ["registry_stem"] = new JsonObject { ["type"] = "stemmer", ["language"] = "porter2" },
        },
        ["analyzer"] = new JsonObject
        {
            ["registry_names"] = new JsonObject { ["type"] = "custom", ["tokenizer"] = "whitespace" },
            ["registry_words"] = new JsonObject { ["type"] = "custom", ["tokenizer"] = "whitespace", ["filter"] = new JsonArray("registry_stop", "registry_stem") },
        },
    };

    private static JsonObject Properties() => new()
    {
        ["tenant"] = Typed("keyword"),
        ["id"] = Typed("keyword"),
        ["deleted"] = Typed("boolean"),
        ["code"] = Typed("keyword"),
        ["names"] = new JsonObject { ["type"] = "text", ["analyzer"] = "registry_names", ["norms"] = false, ["index_prefixes"] = new JsonObject { ["min_chars"] = 3, ["max_chars"] = 12 } },
        ["words"] = new JsonObject { ["type"] = "text", ["analyzer"] = "registry_words", ["norms"] = false },
        ["category"] = Typed("keyword"),
        ["status"] = Typed("keyword"),
        ["quality"] = Typed("double"),
        ["rank"] = Typed("short"),
        ["keywords"] = Typed("keyword"),
        ["services"] = Typed("keyword"),
    };

    private static JsonObject Typed(string type) => new() { ["type"] = type };
}
