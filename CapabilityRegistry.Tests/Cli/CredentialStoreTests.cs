using System.Diagnostics;
using CapabilityRegistry.Cli;
using CapabilityRegistry.Cli.Logins;

namespace CapabilityRegistry.Tests.Cli;

/// <summary>The file that keeps logins: private, whole, and nobody's loss when several write it.</summary>
public sealed class CredentialStoreTests : LoginTestBase
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    [Fact]
    public async Task The_store_is_its_owners_alone()
    {
        UnixOnly();
        await LogInAsync();
        Assert.Equal(Owner | UnixFileMode.UserExecute, Mode(Cli.ConfigFolder));
        Assert.Equal(Owner, Mode(Cli.StoreFile));
        Assert.All(Directory.GetFiles(Cli.ConfigFolder), file => Assert.Equal(Owner, Mode(file)));
    }

    [Theory]
    [InlineData(UnixFileMode.GroupRead)]
    [InlineData(UnixFileMode.OtherRead)]
    [InlineData(UnixFileMode.GroupWrite)]
    public async Task A_store_that_is_open_to_others_is_not_used(UnixFileMode others)
    {
        UnixOnly();
        await LogInAsync();
        var asked = Registry.Requests.Count;
        SetMode(Cli.StoreFile, Owner | others);
        var run = await Cli.RunAsync("search", "x");
        Assert.Equal(2, run.ExitCode);
        Assert.Contains($"chmod 600 {Cli.StoreFile}", run.Error, StringComparison.Ordinal);
        Assert.Equal(asked, Registry.Requests.Count);
    }

    [Fact]
    public async Task A_folder_that_others_can_write_to_gets_no_login()
    {
        UnixOnly();
        Directory.CreateDirectory(Cli.ConfigFolder);
        SetMode(Cli.ConfigFolder, Owner | UnixFileMode.UserExecute | UnixFileMode.GroupWrite);
        Cli.Input = Registry.Secret;
        var run = await Cli.RunAsync("login", "--client-id", "robot");
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("chmod 700", run.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(Cli.StoreFile));
    }

    [Theory]
    [InlineData("""{"version":1,"logins":[{"client_secret":hunter2}]}""")]
    [InlineData("""{"version":1,"logins":[{"client_secret":"hunter2"}]}""")]
    [InlineData("""{"version":1,"logins":[null]}""")]
    [InlineData("""{"version":1,"logins":[{"url":"http://here","tenant":"default","access_token":"hunter2\n"}]}""")]
    [InlineData("""{"version":2,"logins":[]}""")]
    [InlineData("""{}""")]
    [InlineData("null")]
    [InlineData("")]
    public async Task A_store_that_cannot_be_understood_is_said_to_be_so(string content)
    {
        await LogInAsync();
        await File.WriteAllTextAsync(Cli.StoreFile, content, TestContext.Current.CancellationToken);
        var run = await Cli.Guard("hunter2").RunAsync("search", "x");
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("registry logout --all", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);

        await Cli.SucceedAsync("logout", "--all");
        await LogInAsync();
    }

    [Fact]
    public async Task Tasks_that_write_at_once_lose_nothing()
    {
        var surroundings = new Surroundings { Environment = name => name == "REGISTRY_CONFIG_DIR" ? Cli.ConfigFolder : null };
        var tenants = Enumerable.Range(0, 24).Select(i => $"tenant-{i}").ToArray();
        await Parallel.ForEachAsync(tenants, new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = TestContext.Current.CancellationToken }, async (tenant, cancellationToken) =>
        {
            var store = new CredentialStore(surroundings);
            await store.PutAsync(new("http://here", tenant), cancellationToken);
            Assert.Contains(await store.ReadAsync(cancellationToken), login => login.Tenant == tenant);
        });
        var kept = await new CredentialStore(surroundings).ReadAsync(TestContext.Current.CancellationToken);
        Assert.Equal(tenants.Order(StringComparer.Ordinal), kept.Select(login => login.Tenant).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Processes_that_log_in_at_once_lose_nothing()
    {
        string[] tenants = ["one", "two", "three", "four"];
        var errors = await Task.WhenAll(tenants.Select(tenant => LogInFromProcessAsync(Registry.Issue(tenant))));
        Assert.All(errors, Assert.Empty);
        Assert.All(tenants, tenant => Assert.Contains($"\"tenant\": \"{tenant}\"", Stored(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_renewal_does_not_bring_back_what_was_logged_out_of()
    {
        await LogInAsync();
        var cancellationToken = TestContext.Current.CancellationToken;
        var store = new CredentialStore(new Surroundings { Environment = name => name == "REGISTRY_CONFIG_DIR" ? Cli.ConfigFolder : null });
        var login = Assert.Single(await store.ReadAsync(cancellationToken));
        Assert.DoesNotContain(Registry.Secret, $"{login}", StringComparison.Ordinal);
        await Cli.SucceedAsync("logout");
        await store.RenewAsync(login, cancellationToken);
        Assert.Empty(await store.ReadAsync(cancellationToken));
    }

    [Theory]
    [InlineData("/chosen", "REGISTRY_CONFIG_DIR=/chosen", "XDG_CONFIG_HOME=/xdg", "HOME=/home/me")]
    [InlineData("/xdg/capability-registry", "XDG_CONFIG_HOME=/xdg", "HOME=/home/me")]
    [InlineData("/home/me/.config/capability-registry", "XDG_CONFIG_HOME=relative", "HOME=/home/me")]
    public void The_store_lies_where_users_keep_configuration(string expected, params string[] environment)
    {
        UnixOnly();
        var variables = environment.Select(variable => variable.Split('=')).ToDictionary(parts => parts[0], parts => parts[1], StringComparer.Ordinal);
        Assert.Equal(expected, ConfigFolder.Of(new() { Environment = name => variables.GetValueOrDefault(name) }));
    }

    /// <summary>Logs in as the program does that users start, and returns what it complains of.</summary>
    private async Task<string> LogInFromProcessAsync(string token)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(RegistryCommand).Assembly.Location, "login", "--token", "--url", Registry.Url])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["REGISTRY_CONFIG_DIR"] = Cli.ConfigFolder, ["REGISTRY_TOKEN"] = "", ["REGISTRY_TENANT"] = "", ["REGISTRY_CLIENT_ID"] = "" },
        };
        using var process = Process.Start(start)!;
        await process.StandardInput.WriteLineAsync(token);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.DoesNotContain(token, error + await output, StringComparison.Ordinal);
        return process.ExitCode == 0 ? error : $"{process.ExitCode}: {error}";
    }

    private static void UnixOnly() => Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows keeps the user's folder private by inheritance.");

    private static UnixFileMode Mode(string path) => OperatingSystem.IsWindows() ? default : File.GetUnixFileMode(path);

    private static void SetMode(string path, UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, mode);
        }
    }
}
