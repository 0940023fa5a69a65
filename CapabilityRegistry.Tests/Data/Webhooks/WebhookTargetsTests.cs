using System.Net;
using CapabilityRegistry.Data.Webhooks;
using CapabilityRegistry.Tests.Testing;
using Microsoft.Extensions.Options;

namespace CapabilityRegistry.Tests.Data.Webhooks;

/// <summary>Where webhooks may lead: RFC 6890 and IANA's registries of special addresses.</summary>
public sealed class WebhookTargetsTests
{
    [Theory]
    [InlineData("1.1.1.1")]
    [InlineData("8.8.8.8")]
    [InlineData("9.255.255.255")]
    [InlineData("11.0.0.0")]
    [InlineData("100.63.255.255")]
    [InlineData("100.128.0.0")]
    [InlineData("126.255.255.255")]
    [InlineData("128.0.0.0")]
    [InlineData("169.253.255.255")]
    [InlineData("172.15.255.255")]
    [InlineData("172.32.0.0")]
    [InlineData("192.167.255.255")]
    [InlineData("198.17.255.255")]
    [InlineData("198.20.0.0")]
    [InlineData("223.255.255.255")]
    [InlineData("2606:4700:4700::1111")]
    [InlineData("2a00:1450:4001::200e")]
    [InlineData("2001:200::1")]
    public void An_address_of_the_internet_is_public(string address) => Assert.True(PublicAddresses.Has(IPAddress.Parse(address)));

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("0.1.2.3")]
    [InlineData("10.0.0.0")]
    [InlineData("10.255.255.255")]
    [InlineData("100.64.0.0")]
    [InlineData("100.100.100.200")]
    [InlineData("100.127.255.255")]
    [InlineData("127.0.0.1")]
    [InlineData("127.255.255.255")]
    [InlineData("169.254.0.0")]
    [InlineData("169.254.169.254")]
    [InlineData("172.16.0.0")]
    [InlineData("172.31.255.255")]
    [InlineData("192.0.0.192")]
    [InlineData("192.0.2.1")]
    [InlineData("192.88.99.1")]
    [InlineData("192.168.0.1")]
    [InlineData("198.18.0.0")]
    [InlineData("198.19.255.255")]
    [InlineData("198.51.100.7")]
    [InlineData("203.0.113.7")]
    [InlineData("224.0.0.1")]
    [InlineData("239.255.255.255")]
    [InlineData("240.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("::")]
    [InlineData("::1")]
    [InlineData("::7f00:1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("::ffff:10.0.0.1")]
    [InlineData("::ffff:8.8.8.8")]
    [InlineData("::ffff:0:127.0.0.1")]
    [InlineData("64:ff9b::7f00:1")]
    [InlineData("64:ff9b::808:808")]
    [InlineData("64:ff9b:1::a00:1")]
    [InlineData("100::1")]
    [InlineData("2001::1")]
    [InlineData("2001:0:4136:e378:8000:63bf:3fff:fdd2")]
    [InlineData("2001:db8::1")]
    [InlineData("2002:7f00:1::")]
    [InlineData("2002:a00:1::1")]
    [InlineData("3fff::1")]
    [InlineData("5f00::1")]
    [InlineData("fc00::1")]
    [InlineData("fd00:ec2::254")]
    [InlineData("fdff::1")]
    [InlineData("fe80::1")]
    [InlineData("fe80::1%2")]
    [InlineData("fec0::1")]
    [InlineData("ff02::1")]
    public void An_address_of_the_neighbourhood_is_not(string address)
    {
        Assert.False(PublicAddresses.Has(IPAddress.Parse(address)));
        Assert.NotNull(Targets().Check($"https://{(address.Contains(':', StringComparison.Ordinal) ? $"[{address.Split('%')[0]}]" : address)}/"));
    }

    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("10.1.2.3", true)]
    [InlineData("fd00::1", true)]
    [InlineData("::1", true)]
    [InlineData("169.254.169.254", false)]
    [InlineData("100.100.100.200", false)]
    [InlineData("192.0.0.192", false)]
    [InlineData("fd00:ec2::254", false)]
    [InlineData("fe80::1", false)]
    [InlineData("224.0.0.1", false)]
    [InlineData("0.0.0.0", false)]
    [InlineData("::", false)]
    [InlineData("::ffff:169.254.169.254", false)]
    public async Task A_trusted_host_may_be_inside_but_never_where_clouds_keep_their_credentials(string address, bool isAllowed)
    {
        var targets = Targets(new() { AllowedHosts = ["hooks.corp.example"] }, new KnownHosts().Say("hooks.corp.example", address));
        Assert.Equal(isAllowed, await targets.CheckHostAsync("http://hooks.corp.example/", TestContext.Current.CancellationToken) is null);
    }

    [Theory]
    [InlineData("https://hooks.example.com")]
    [InlineData("https://hooks.example.com:8443/a/b?c=d")]
    [InlineData("https://HOOKS.example.com./")]
    [InlineData("https://bücher.example/")]
    [InlineData("https://1.1.1.1/")]
    [InlineData("https://[2606:4700:4700::1111]/")]
    public void A_public_https_address_is_accepted(string url) => Assert.Null(Targets().Check(url));

    [Theory]
    [InlineData("")]
    [InlineData("hooks.example.com")]
    [InlineData("//hooks.example.com/")]
    [InlineData("http://hooks.example.com/")]
    [InlineData("ftp://hooks.example.com/")]
    [InlineData("file:///etc/passwd")]
    [InlineData("gopher://hooks.example.com/")]
    [InlineData("javascript:alert(1)")]
    [InlineData("https://")]
    [InlineData("https://user@hooks.example.com/")]
    [InlineData("https://user:secret@hooks.example.com/")]
    [InlineData("https://hooks.example.com/#part")]
    [InlineData("https://hooks.example.com:22/")]
    [InlineData("https://hooks.example.com:6379/")]
    [InlineData("https://hooks.example.com:99999/")]
    [InlineData(" https://hooks.example.com/")]
    [InlineData("https://hooks.example.com/ x")]
    [InlineData("https://hooks.example.com/\n")]
    [InlineData("https://hooks.example.com\\@127.0.0.1/")]
    [InlineData("https://localhost/")]
    [InlineData("https://localhost./")]
    [InlineData("https://a.localhost/")]
    [InlineData("https://printer.local/")]
    [InlineData("https://metadata.google.internal/")]
    [InlineData("https://router.home.arpa/")]
    [InlineData("https://intranet/")]
    [InlineData("https://127.1/")]
    [InlineData("https://2130706433/")]
    [InlineData("https://0x7f000001/")]
    [InlineData("https://0177.0.0.1/")]
    [InlineData("https://[::ffff:a00:1]/")]
    public void Anything_else_is_refused(string url) => Assert.NotNull(Targets().Check(url));

    [Fact]
    public void An_address_has_a_longest_length()
    {
        Assert.Null(Targets().Check("https://a.example/".PadRight(WebhookTargets.LongestUrl, 'x')));
        Assert.NotNull(Targets().Check("https://a.example/".PadRight(WebhookTargets.LongestUrl + 1, 'x')));
    }

    [Theory]
    [InlineData("93.184.216.34", true)]
    [InlineData("127.0.0.1", false)]
    [InlineData("93.184.216.34 10.0.0.1", false)]
    [InlineData("::ffff:93.184.216.34", false)]
    [InlineData("", false)]
    public async Task Every_address_of_a_name_must_be_public(string addresses, bool isAllowed)
    {
        var targets = Targets(hosts: new KnownHosts().Say("hooks.example.com", addresses.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
        Assert.Equal(isAllowed, await targets.CheckHostAsync("https://hooks.example.com/", TestContext.Current.CancellationToken) is null);
    }

    [Fact]
    public async Task A_name_that_nobody_knows_yet_is_accepted() => Assert.Null(await Targets().CheckHostAsync("https://later.example.com/", TestContext.Current.CancellationToken));

    [Theory]
    [InlineData("https://10.20.1.1/", true)]
    [InlineData("https://10.21.1.1/", false)]
    [InlineData("http://10.20.1.1/", false)]
    [InlineData("https://10.20.1.1:9999/", false)]
    [InlineData("http://hooks.corp.example:5000/", true)]
    [InlineData("http://HOOKS.corp.example./", true)]
    [InlineData("http://a.apps.example/", true)]
    [InlineData("http://a.b.apps.example/", true)]
    [InlineData("http://apps.example/", false)]
    [InlineData("http://evilapps.example/", false)]
    [InlineData("http://192.168.7.7:8080/", true)]
    public void What_the_operator_allows_is_allowed(string url, bool isAllowed) =>
        Assert.Equal(isAllowed, Targets(new() { AllowedNetworks = ["10.20.0.0/16"], AllowedHosts = ["hooks.corp.example", "*.apps.example", "192.168.7.7"] }).Check(url) is null);

    [Fact]
    public void The_ports_are_what_is_configured()
    {
        var targets = Targets(new() { Ports = [9443] });
        Assert.Null(targets.Check("https://hooks.example.com:9443/"));
        Assert.NotNull(targets.Check("https://hooks.example.com/"));
    }

    [Fact]
    public void Settings_that_cannot_be_meant_are_all_named()
    {
        var options = new WebhooksOptions { AllowedNetworks = ["10.0.0.0/33", "10.0.0.0/8"], AllowedHosts = ["a b", "*.example.com", "[::1"], Ports = [0, 443] };
        Assert.Equal(4, options.Validate(new(options)).Count());
    }

    private static WebhookTargets Targets(WebhooksOptions? options = null, IHostResolver? hosts = null) => new(Options.Create(options ?? new()), hosts ?? new NoHosts());
}
