using System.Text.Json;

namespace CapabilityRegistry.Data;

/// <summary>Enumerations as the words that the wire and the tables use.</summary>
public static class Words
{
    /// <summary>The word of a value.</summary>
    public static string Of<T>(T value)
        where T : struct, Enum => Table<T>.Names[value];

    /// <summary>The value of a word.</summary>
    /// <exception cref="KeyNotFoundException">There is no such word.</exception>
    public static T To<T>(string word)
        where T : struct, Enum => Table<T>.Values[word];

    private static class Table<T>
        where T : struct, Enum
    {
        public static readonly Dictionary<T, string> Names = Enum.GetValues<T>().ToDictionary(v => v, v => JsonNamingPolicy.SnakeCaseLower.ConvertName(v.ToString()));
        public static readonly Dictionary<string, T> Values = Names.ToDictionary(p => p.Value, p => p.Key, StringComparer.Ordinal);
    }
}
