using System.Text;

namespace CapabilityRegistry.Tests.Core.Manifests;

public sealed class ManifestUnicodeTests
{
    public static TheoryData<string> NotUtf8 => ["FF", "C3", "C080", "EDA080", "F4908080", "80"];

    [Theory]
    [InlineData("\"description\":\"a\\ud800b\"", "/description")]
    [InlineData("\"description\":\"\\udc00\\ud800\"", "/description")]
    [InlineData("\"composition_keywords\":[\"ok\",\"\\ud800\"]", "/composition_keywords/1")]
    [InlineData("\"dependencies\":[{\"capability_code\":\"\\ud83d\"}]", "/dependencies/0/capability_code")]
    [InlineData("\"dependencies\":[{\"capability_code\":\"b\",\"dependency_type\":\"\\ud800\"}]", "/dependencies/0/dependency_type")]
    [InlineData("\"lifecycle\":{\"state\":\"yanked\",\"sunset_at\":\"\\ud800\"}", "/lifecycle/sunset_at")]
    [InlineData("\"description\":\"a\\u0000b\"", "/description")]
    [InlineData("\"use_cases\":[\"\\u0000\"]", "/use_cases/0")]
    public void Half_a_surrogate_pair_and_U_0000_are_refused(string members, string pointer) =>
        Assert.Equal([$"{pointer} invalid_unicode"], Reading.Refused(Reading.Manifest(members)).Brief());

    [Theory]
    [MemberData(nameof(NotUtf8))]
    public void Bytes_that_are_not_UTF8_are_refused(string hexadecimal)
    {
        var bytes = Convert.FromHexString(hexadecimal);
        Assert.NotEmpty(Reading.Refused(Around("\"description\":\"x", bytes, "\"")));
        Assert.NotEmpty(Reading.Refused(Around("\"composition_keywords\":[\"", bytes, "\"]")));
        Assert.NotEmpty(Reading.Refused(Around("\"composition_keywords\":[\"\\n", bytes, "\"]")));
        Assert.NotEmpty(Reading.Refused(Around("\"metadata\":{\"", bytes, "\":1}")));
    }

    [Theory]
    [InlineData("\\ud83d\\ude00", "😀")]
    [InlineData("😀", "😀")]
    [InlineData("e\\u0301", "e\u0301")]
    [InlineData("\u202Eabc", "\u202Eabc")]
    [InlineData("\\u000a\\t", "\n\t")]
    [InlineData("\\ufffe\uFFFF", "\uFFFE\uFFFF")]
    public void All_other_text_is_kept_as_it_is(string written, string read) =>
        Assert.Equal(read, Reading.Accepted(Reading.Manifest($"\"description\":\"{written}\"")).Manifest.Description);

    internal static byte[] Around(string before, byte[] bytes, string after)
    {
        var (start, end) = (Reading.Manifest($"{before}\u0001").Split('\u0001') is [var head, var tail] ? (head, tail) : default);
        return [.. Encoding.UTF8.GetBytes(start), .. bytes, .. Encoding.UTF8.GetBytes(after + end)];
    }
}
