using CapabilityRegistry.ServiceDefaults.Configuration;
using StackExchange.Redis;

namespace CapabilityRegistry.Tests.ServiceDefaults.Configuration;

public sealed class RedisUrlTests
{
    [Theory]
    [InlineData("redis://:password@localhost:6379/0", "localhost:6379,password=password,defaultDatabase=0")]
    [InlineData("redis://redis", "redis:6379")]
    [InlineData("redis://redis/", "redis:6379")]
    [InlineData("redis://redis:6380/7", "redis:6380,defaultDatabase=7")]
    [InlineData("rediss://user:secret@cache.example/1", "cache.example:6379,user=user,password=secret,ssl=true,defaultDatabase=1")]
    [InlineData("REDISS://cache.example:443", "cache.example:443,ssl=true")]
    [InlineData("redis://:p%40ss%2F%25=word@h", "h:6379,password=p@ss/%=word")]
    [InlineData("redis://:p@ss@h", "h:6379,password=p@ss")]
    [InlineData("redis://[::1]:7000/2", "[::1]:7000,defaultDatabase=2")]
    [InlineData("redis://:@h", "h:6379")]
    public void A_url_says_what_a_configuration_string_says(string url, string expected)
    {
        Assert.Equal(expected, RedisUrl.ToConnectionString(url));
        var options = ConfigurationOptions.Parse(expected);
        Assert.Single(options.EndPoints);
        Assert.Equal(url.StartsWith("rediss", StringComparison.OrdinalIgnoreCase), options.Ssl);
    }

    [Fact]
    public void A_password_arrives_as_it_was_meant() =>
        Assert.Equal("a=b c\"'ü", ConfigurationOptions.Parse(RedisUrl.ToConnectionString("rediss://:a=b%20c%22'%C3%BC@h")!).Password);

    [Theory]
    [InlineData("")]
    [InlineData("localhost:6379")]
    [InlineData("redis://")]
    [InlineData("redis:///0")]
    [InlineData("http://h")]
    [InlineData("unix:///tmp/redis.sock")]
    [InlineData("redis://h:0")]
    [InlineData("redis://h:70000")]
    [InlineData("redis://h:port")]
    [InlineData("redis://h/db")]
    [InlineData("redis://h/-1")]
    [InlineData("redis://h/0?db=1")]
    [InlineData("redis://h/0/1")]
    [InlineData("redis://user@h")]
    [InlineData("redis://:a%2Cssl=false@h")]
    [InlineData("redis://:a,b@h")]
    [InlineData("redis://:%20a@h")]
    [InlineData("redis://:100%@h")]
    [InlineData("redis://:a/b@h")]
    [InlineData("redis://h1,h2")]
    [InlineData("redis://h%2Cpassword=x")]
    [InlineData("redis://::1")]
    [InlineData("redis://[h]")]
    public void What_is_malformed_is_refused(string url) => Assert.Null(RedisUrl.ToConnectionString(url));
}
