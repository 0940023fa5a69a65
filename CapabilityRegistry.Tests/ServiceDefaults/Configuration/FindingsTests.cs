using CapabilityRegistry.ServiceDefaults.Configuration;

namespace CapabilityRegistry.Tests.ServiceDefaults.Configuration;

/// <summary>What stops the start, what does not, and what the message must not say.</summary>
public sealed class FindingsTests
{
    private const string Secret = "s3cr3t-NeverToBeSeen";

    /// <summary>A value of every kind that no variable of the kind takes.</summary>
    private static readonly Dictionary<string, string> AllWrong = GuideVariables.All
        .Where(variable => !ReferenceEquals(variable.Kind, VariableKind.Text))
        .ToDictionary(variable => variable.Name, _ => $"{Secret} :/?");

    public static TheoryData<string> Secrets => [.. GuideVariables.All.Where(variable => variable.IsSecret).Select(variable => variable.Name)];

    [Fact]
    public void Everything_that_is_malformed_is_said_at_once()
    {
        var findings = ConfiguredHost.FindingsOf(AllWrong);
        Assert.True(AllWrong.Count >= 25);
        Assert.Equal(AllWrong.Keys, findings.Select(finding => finding.Split(':')[0]));
        Assert.All(findings, finding => Assert.Contains(": expected ", finding, StringComparison.Ordinal));
    }

    [Fact]
    public void A_message_says_what_is_expected_and_lists_every_variable()
    {
        var exception = Assert.Throws<ConfigurationException>(() => ConfiguredHost.With(new() { ["RATE_LIMIT_BURST"] = "many", ["LOG_LEVEL"] = "LOUD", ["JWT_ALGORITHM"] = "none", ["RATE_LIMIT_BURTS"] = "1" }));
        Assert.Equal(
            """
            The configuration is not valid:
              LOG_LEVEL: expected one of DEBUG, INFO, WARNING, ERROR, CRITICAL.
              JWT_ALGORITHM: expected HS256.
              RATE_LIMIT_BURST: expected a whole number from 1 to 1000000.
              RATE_LIMIT_BURTS: unknown; did you mean RATE_LIMIT_BURST?
            """,
            exception.Message,
            ignoreLineEndingDifferences: true);
    }

    [Theory]
    [InlineData("JWT_ALGORITHM", "RS256")]
    [InlineData("JWT_ALGORITHM", "none")]
    [InlineData("ENVIRONMENT", "prod")]
    [InlineData("DEBUG", "maybe")]
    [InlineData("DATABASE_POOL_SIZE", "0")]
    [InlineData("DATABASE_MAX_OVERFLOW", "-1")]
    [InlineData("REDIS_POOL_SIZE", "lots")]
    [InlineData("ASYNC_POOL_SIZE", "1.5")]
    [InlineData("METRICS_PORT", "65536")]
    [InlineData("RATE_LIMIT_BURST", "99999999999999999999")]
    [InlineData("APG_TENANT_ID", "Production Tenant")]
    [InlineData("APG_PLATFORM_URL", "apg.platform.url")]
    [InlineData("ELASTICSEARCH_URL", "file:///etc/passwd")]
    [InlineData("STORAGE_BACKEND", "gcs")]
    [InlineData("SMTP_SERVER", "not a host")]
    public void A_value_that_cannot_be_meant_stops_the_start(string name, string value) => Assert.StartsWith($"{name}: expected ", Assert.Single(ConfiguredHost.FindingsOf(new() { [name] = value })), StringComparison.Ordinal);

    [Theory]
    [InlineData("RATE_LIMIT_BURTS", "RATE_LIMIT_BURST")]
    [InlineData("RATE_LIMIT_REQUEST_PER_MINUTE", "RATE_LIMIT_REQUESTS_PER_MINUTE")]
    [InlineData("ENABLE_WEBHOOK", "ENABLE_WEBHOOKS")]
    [InlineData("ENABLE_METRIC", "ENABLE_METRICS")]
    [InlineData("JWT_SECRETKEY", "JWT_SECRET_KEY")]
    [InlineData("APG_TENANTID", "APG_TENANT_ID")]
    [InlineData("apg_api_key", "APG_API_KEY")]
    public void A_misspelt_name_stops_the_start_and_is_told_the_right_one(string name, string known) =>
        Assert.Equal($"{name}: unknown; did you mean {known}?", Assert.Single(ConfiguredHost.FindingsOf(new() { [name] = Secret })));

    [Fact]
    public void Variables_of_others_do_not_matter() => ConfiguredHost.With(new()
    {
        ["ENABLE_COREDUMPS"] = "x",
        ["JWT_AUDIENCE"] = "x",
        ["APG_LOG_FORMAT"] = "x",
        ["SMTP_PORTS"] = "x",
        ["DATABASE_URI"] = "x",
        ["REDIS_PORT"] = "tcp://10.0.0.1:6379",
        ["REDIS_SERVICE_HOST"] = "10.0.0.1",
        ["REDIS_SERVICE_PORT"] = "6379",
        ["REDIS_PORT_6379_TCP"] = "tcp://10.0.0.1:6379",
        ["REDIS_PORT_6379_TCP_ADDR"] = "10.0.0.1",
        ["DATABASE_PORT"] = "tcp://10.0.0.2:5432",
        ["ELASTICSEARCH_PORT"] = "tcp://10.0.0.3:9200",
        ["JAEGER_PORT"] = "tcp://10.0.0.4:14268",
        ["APG_PLATFORM_PORT"] = "tcp://10.0.0.5:80",
        ["APG_PLATFORM_SERVICE_HOST"] = "10.0.0.5",
        ["RATE_LIMIT_SERVICE_PORT"] = "80",
    });

    [Fact]
    public void A_port_that_kubernetes_injects_under_a_name_of_ours_is_absent()
    {
        var configuration = ConfiguredHost.With(new() { ["SMTP_PORT"] = "tcp://10.0.0.6:587", ["METRICS_PORT"] = "udp://[fd00::1]:9090" }).Configuration;
        Assert.Null(configuration["Smtp:Port"]);
        Assert.Null(configuration["Telemetry:MetricsPort"]);
    }

    [Theory]
    [MemberData(nameof(Secrets))]
    public void A_secret_is_in_no_message(string name)
    {
        string[] values =
        [
            Secret, $"postgresql://user:{Secret}@host:port/db", $"postgresql://user:{Secret}%zz@host/db", $"postgresql://user:12/{Secret}@host/db", $"postgresql://h/d?{Secret}=1",
            $"Host=h;{Secret}=x", $"Host=h;Port={Secret}", $"redis://:{Secret},@host", $"redis://{Secret}@host", $"http://user:{Secret}@:80", $"ftp://user:{Secret}@host",
        ];
        foreach (var value in values)
        {
            var exception = Assert.Throws<ConfigurationException>(() => ConfiguredHost.With(new() { [name] = value, ["LOG_LEVEL"] = "LOUD" }));
            Assert.DoesNotContain(Secret, exception.ToString(), StringComparison.OrdinalIgnoreCase);
            Assert.Null(exception.InnerException);
        }
    }

    [Fact]
    public void No_value_at_all_is_in_a_message() => Assert.DoesNotContain(Secret, Assert.Throws<ConfigurationException>(() => ConfiguredHost.With(AllWrong)).ToString(), StringComparison.OrdinalIgnoreCase);

    [Fact]
    public void What_may_hold_a_password_is_declared_as_secret()
    {
        string[] words = ["SECRET", "PASSWORD", "KEY", "URL", "ENDPOINT"];
        Assert.All(GuideVariables.All, variable => Assert.Equal(words.Any(word => variable.Name.Contains(word, StringComparison.Ordinal)), variable.IsSecret));
    }
}
