using System.Text.RegularExpressions;

namespace CapabilityRegistry.Tests.Deploy;

/// <summary>The committed Compose file. That the AppHost publishes it as it is there is tested where the feed carries Aspire (<c>AppHost/PublishTests.cs</c>).</summary>
public sealed partial class ComposeFileTests
{
    private const string Optional = "elasticsearch-server";

    private static readonly IReadOnlyDictionary<string, Yaml> Services = Yaml.Parse(Deployment.Read(Deployment.Compose, "docker-compose.yaml"))["services"].Fields;

    public static TheoryData<string> Names => [.. Services.Keys];

    [Fact]
    public void The_guides_services_are_there_and_Elasticsearch_only_on_demand()
    {
        Assert.Equal(["app1", "app2", "app3", "grafana", "migrations", "nginx", "postgres", "prometheus", "redis", "worker"], Services.Where(s => !s.Value["profiles"].Exists).Select(s => s.Key).Order(StringComparer.Ordinal));
        Assert.Equal(["elasticsearch"], Services[Optional]["profiles"].Texts);
        Assert.DoesNotContain(Services.Values, service => service["depends_on"].Fields.ContainsKey(Optional));
        Assert.All(["app1", "worker"], name => Assert.StartsWith("${ELASTICSEARCH_PASSWORD:+http", Services[name]["environment"]["ConnectionStrings__elasticsearch"].Text, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_service_is_limited_and_starts_again(string name)
    {
        var resources = Services[name]["deploy"]["resources"];
        Assert.All(["limits", "reservations"], bound =>
        {
            Assert.Matches(@"^\d+\.\d+$", resources[bound]["cpus"].Text);
            Assert.Matches("^\\d+[MG]$", resources[bound]["memory"].Text);
        });
        Assert.Equal(name == "migrations" ? "on-failure" : "unless-stopped", Services[name]["restart"].Text);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void No_service_is_root_or_can_become_it(string name)
    {
        Assert.Matches("^[1-9]\\d*:\\d+$", Services[name]["user"].Text);
        Assert.Equal(["ALL"], Services[name]["cap_drop"].Texts);
        Assert.Equal(["no-new-privileges:true"], Services[name]["security_opt"].Texts);
        Assert.False(Services[name]["privileged"].Exists);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Services_write_to_volumes_and_memory_only(string name)
    {
        Assert.SkipWhen(name == Optional, "Elasticsearch writes its keystore beside its configuration.");
        Assert.Equal("true", Services[name]["read_only"].Text);
        Assert.Contains("/tmp", Services[name]["tmpfs"].Texts);
        Assert.All(Services[name]["volumes"].Items.Where(volume => volume["type"].Text == "bind"), volume => Assert.Equal("true", volume["read_only"].Text));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void What_does_not_end_is_asked_for_its_health(string name)
    {
        Assert.Equal(name != "migrations", Services[name]["healthcheck"].Exists);
        Assert.Equal(name != "migrations", Services[name]["healthcheck"]["test"].Texts.Count >= 2);
    }

    [Fact]
    public void The_API_is_asked_by_itself_because_its_image_has_no_shell() =>
        Assert.Equal(["CMD", "dotnet", "/app/CapabilityRegistry.Api.dll", "check-health", "http://127.0.0.1:8000/api/health"], Services["app1"]["healthcheck"]["test"].Texts);

    [Theory]
    [InlineData("app1", "2.0", "4G", "1.0", "2G")]
    [InlineData("postgres", "4.0", "8G", "2.0", "4G")]
    [InlineData("redis", "1.0", "3G", "0.5", "1G")]
    public void The_limits_are_the_guides_but_that_of_Redis_which_has_room_beside_its_data(string name, string cpus, string memory, string reservedCpus, string reservedMemory)
    {
        var resources = Services[name]["deploy"]["resources"];
        Assert.Equal((cpus, memory), (resources["limits"]["cpus"].Text, resources["limits"]["memory"].Text));
        Assert.Equal((reservedCpus, reservedMemory), (resources["reservations"]["cpus"].Text, resources["reservations"]["memory"].Text));
    }

    [Theory]
    [InlineData("migrations", "postgres", "service_healthy")]
    [InlineData("app1", "migrations", "service_completed_successfully")]
    [InlineData("app1", "redis", "service_healthy")]
    [InlineData("worker", "migrations", "service_completed_successfully")]
    [InlineData("nginx", "app1", "service_healthy")]
    [InlineData("nginx", "app3", "service_healthy")]
    [InlineData("prometheus", "app1", "service_healthy")]
    [InlineData("grafana", "prometheus", "service_healthy")]
    public void A_service_starts_when_the_other_is_ready(string name, string other, string condition) => Assert.Equal(condition, Services[name]["depends_on"][other]["condition"].Text);

    [Fact]
    public void There_are_three_processes_of_the_API_and_only_NGINX_is_reached_from_outside()
    {
        Assert.All(["app1", "app2", "app3"], app =>
        {
            Assert.False(Services[app]["deploy"]["replicas"].Exists);
            Assert.Equal(["8000", "9090"], Services[app]["expose"].Texts);
        });
        Assert.Equal(["80:80", "443:443"], Services["nginx"]["ports"].Texts);
        Assert.All(Services.Where(s => s.Key != "nginx").SelectMany(s => s.Value["ports"].Texts), port => Assert.StartsWith("127.0.0.1:", port, StringComparison.Ordinal));
    }

    [Fact]
    public void A_process_of_the_API_has_the_time_that_it_needs_to_leave() => Assert.Equal("60s", Services["app1"]["stop_grace_period"].Text);

    [Fact]
    public void Whatever_is_mounted_is_there_but_the_certificate_which_is_everybodys_own()
    {
        string[] sources = [.. Services.Values.SelectMany(service => service["volumes"].Items).Where(volume => volume["type"].Text == "bind").Select(volume => volume["source"].Text!)];
        Assert.Equal(["./ssl"], sources.Where(source => !Path.Exists(Path.Combine(Deployment.Compose, source))));
    }

    [Fact]
    public void Memory_in_the_place_of_a_folder_belongs_to_who_writes_there() =>
        Assert.Equal(["/tmp", "/run:uid=101,gid=101", "/var/cache/nginx:uid=101,gid=101"], Services["nginx"]["tmpfs"].Texts);

    [Fact]
    public void The_proxy_is_believed_when_it_says_who_asks() => Assert.Equal("172.16.0.0/12", Services["app1"]["environment"]["Proxies__Networks__1"].Text);

    [Fact]
    public void NGINX_and_Prometheus_look_for_the_processes_under_the_names_that_they_have()
    {
        Assert.Equal(["app1", "app2", "app3"], Upstream().Matches(Deployment.Read(Deployment.Nginx, "servers.compose.conf")).Select(m => m.Groups["name"].Value));
        var jobs = Yaml.Parse(Deployment.Read(Deployment.Prometheus, "prometheus.yml"))["scrape_configs"].Items;
        Assert.Equal(["app1", "app2", "app3"], NamesOf("registry-app"));
        Assert.Equal(["worker"], NamesOf("registry-worker"));

        IEnumerable<string?> NamesOf(string name) => jobs.Single(job => job["job_name"].Text == name)["dns_sd_configs"].Items.Single()["names"].Texts;
    }

    [Theory]
    [InlineData("max_connections=200")]
    [InlineData("shared_buffers=4096MB")]
    [InlineData("effective_cache_size=12288MB")]
    [InlineData("work_mem=64MB")]
    [InlineData("maintenance_work_mem=1024MB")]
    [InlineData("wal_buffers=16MB")]
    [InlineData("checkpoint_completion_target=0.9")]
    [InlineData("random_page_cost=1.1")]
    [InlineData("effective_io_concurrency=200")]
    [InlineData("log_statement=mod")]
    [InlineData("log_min_duration_statement=1000")]
    public void PostgreSQL_is_tuned_as_in_the_guide(string setting) => Assert.Contains(setting, Services["postgres"]["command"].Texts);

    [Fact]
    public void Redis_is_set_as_in_the_guide()
    {
        var script = Services["redis"]["command"].Texts[^1];
        Assert.All(
            ["--requirepass $$REDIS_PASSWORD", "--maxmemory 2gb", "--maxmemory-policy allkeys-lru", "--save 900 1 300 10 60 10000", "--rename-command CONFIG ''"],
            part => Assert.Contains(part, script, StringComparison.Ordinal));
        Assert.Equal("/data", Assert.Single(Services["redis"]["volumes"].Items)["target"].Text);
    }

    [Theory]
    [InlineData("postgres", "/var/lib/postgresql")]
    [InlineData("redis", "/data")]
    [InlineData("prometheus", "/prometheus")]
    [InlineData("grafana", "/var/lib/grafana")]
    public void What_is_kept_lies_in_a_volume(string name, string target) => Assert.Equal("volume", Assert.Single(Services[name]["volumes"].Items, volume => volume["target"].Text == target)["type"].Text);

    [Fact]
    public void Only_migrations_connect_as_the_owner_of_the_tables()
    {
        Assert.Contains("${OWNER_PASSWORD}", Services["migrations"]["environment"]["ConnectionStrings__registry-owner"].Text, StringComparison.Ordinal);
        Assert.Equal(["migrations", "postgres"], Services.Where(s => s.Value["environment"].Fields.Values.Any(value => value.Text!.Contains("OWNER_PASSWORD", StringComparison.Ordinal))).Select(s => s.Key).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_variable_is_named_in_the_example_of_the_environment_and_none_has_a_value_there()
    {
        var named = Deployment.Read(Deployment.Compose, ".env.example").Split('\n').Where(line => line.Length > 0 && line[0] != '#').Order(StringComparer.Ordinal);
        var used = Variable().Matches(Deployment.Read(Deployment.Compose, "docker-compose.yaml")).Select(match => $"{match.Groups["name"].Value}=").Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
        Assert.Equal(used, named);
    }

    [GeneratedRegex(@"\$\{(?<name>[A-Z_]+)", RegexOptions.NonBacktracking)]
    private static partial Regex Variable();

    [GeneratedRegex(@"^\s*server (?<name>\w+):8000 ", RegexOptions.Multiline | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Upstream();
}
