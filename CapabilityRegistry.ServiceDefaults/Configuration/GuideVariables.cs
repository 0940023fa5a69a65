namespace CapabilityRegistry.ServiceDefaults.Configuration;

/// <summary>Every variable of the deployment guide's environment, in the guide's order. The one place where they are declared; docs/configuration.md is made of it.</summary>
internal static class GuideVariables
{
    public const string Environment = "ENVIRONMENT";
    public const string Debug = "DEBUG";
    public const string DatabasePoolSize = "DATABASE_POOL_SIZE";
    public const string DatabaseMaxOverflow = "DATABASE_MAX_OVERFLOW";

    /// <summary>What the guide's own configuration has, for the one when only the other is given.</summary>
    public const int DefaultPoolSize = 20;

    /// <inheritdoc cref="DefaultPoolSize"/>
    public const int DefaultMaxOverflow = 30;

    public const string RegistryConnection = "ConnectionStrings:registry";
    public const string SigningKey = "Auth:SigningKey";

    /// <summary>What the documentation says of a value that has its home already and its reader not yet.</summary>
    public const string Reserved = "reserved: not read yet";

    private const string Release = "0.2.0";
    private const int Many = 1_000_000;

    public static readonly IReadOnlyList<GuideVariable> All = [.. Application(), .. Stores(), .. Platform(), .. Security(), .. Performance(), .. Features(), .. Monitoring(), .. Services(), .. Storage(), .. RateLimiting()];

    private static GuideVariable[] Application() =>
    [
        new(Environment, VariableKind.Word(("production", "Production"), ("staging", "Staging"), ("development", "Development")), "The host's environment, and with it which `appsettings.<environment>.json` is read", "production", Release) { Home = "`--environment`, `ASPNETCORE_ENVIRONMENT`, `DOTNET_ENVIRONMENT`" },
        new(Debug, VariableKind.Boolean, "Nothing by itself: what helps in debugging belongs to the environment `development`. `true` in any other stops the start", "false", Release),
        new("LOG_LEVEL", VariableKind.Word(("DEBUG", "Debug"), ("INFO", "Information"), ("WARNING", "Warning"), ("ERROR", "Error"), ("CRITICAL", "Critical")), "The least severe log entries that are written, of categories without a level of their own", "INFO", Release, "Logging:LogLevel:Default"),
    ];

    private static GuideVariable[] Stores() =>
    [
        new("DATABASE_URL", VariableKind.DatabaseUrl, "The PostgreSQL server", "none; standalone starts its own", Release, RegistryConnection) { IsSecret = true },
        new(DatabasePoolSize, VariableKind.Number(1, 10_000), "With `DATABASE_MAX_OVERFLOW`: the connections that a process opens at most are the sum of both. Only where the connection string has no `Maximum Pool Size`", "20", Release) { Home = "`Maximum Pool Size` in `ConnectionStrings:registry`" },
        new(DatabaseMaxOverflow, VariableKind.Number(0, 10_000), "See `DATABASE_POOL_SIZE`", "30", Release) { Home = "`Maximum Pool Size` in `ConnectionStrings:registry`" },
        new("REDIS_URL", VariableKind.RedisUrl, "The Redis server", "none: every process by itself", Release, "ConnectionStrings:redis") { IsSecret = true },
        new("REDIS_POOL_SIZE", VariableKind.Number(1, 10_000), "Nothing: StackExchange.Redis sends everything over one connection, and has no pool", "none", Release),
    ];

    private static GuideVariable[] Platform() =>
    [
        new("APG_PLATFORM_URL", VariableKind.HttpUrl, "The APG platform", "none", Reserved, "Apg:PlatformUrl") { IsSecret = true },
        new("APG_COMPOSITION_ENGINE_URL", VariableKind.HttpUrl, "The platform's composition engine", "none", Reserved, "Apg:CompositionEngineUrl") { IsSecret = true },
        new("APG_DISCOVERY_SERVICE_URL", VariableKind.HttpUrl, "The platform's discovery service", "none", Reserved, "Apg:DiscoveryServiceUrl") { IsSecret = true },
        new("APG_TENANT_ID", VariableKind.TenantId, "The id of the first tenant (the platform's own use of it is reserved)", "none", Release, "Bootstrap:TenantId", "Apg:TenantId"),
        new("APG_API_KEY", VariableKind.Text, "The key for the platform's interfaces", "none", Reserved, "Apg:ApiKey") { IsSecret = true },
    ];

    private static GuideVariable[] Security() =>
    [
        new("JWT_SECRET_KEY", VariableKind.Text, "The key that access tokens are signed with", "`SECRET_KEY`", Release, SigningKey) { IsSecret = true },
        new("SECRET_KEY", VariableKind.Text, "The same, where `JWT_SECRET_KEY` is absent", "none", Release, SigningKey) { IsSecret = true },
        new("JWT_ALGORITHM", VariableKind.Word(("HS256", "HS256")), "Nothing: tokens are signed with HS256, and another algorithm stops the start", "HS256", Release),
        new("JWT_ACCESS_TOKEN_EXPIRE_MINUTES", VariableKind.Number(1, 1440), "How long an access token is valid", "30", Release, "Auth:AccessTokenMinutes"),
        new("ENCRYPTION_KEY", VariableKind.Text, "The key that webhook secrets are encrypted with", "none", Reserved, "Encryption:Key") { IsSecret = true },
    ];

    private static GuideVariable[] Performance() =>
    [
        new("ASYNC_POOL_SIZE", VariableKind.Number(1, Many), "Nothing: .NET's thread pool finds its size", "none", Release),
        new("MAX_CONNECTIONS_PER_HOST", VariableKind.Number(1, 10_000), "The connections to one server that outgoing HTTP calls open at most", "20", Release, "Outgoing:MaxConnectionsPerServer"),
        new("REQUEST_TIMEOUT", VariableKind.Number(1, 3600), "After how many seconds a request is given up", "30", Release, "Requests:TimeoutSeconds"),
    ];

    private static GuideVariable[] Features() =>
    [
        new("ENABLE_MARKETPLACE_INTEGRATION", VariableKind.Boolean, "The marketplace's routes", "true", Reserved, "Features:Marketplace"),
        new("ENABLE_REAL_TIME_COLLABORATION", VariableKind.Boolean, "Presence, locks and edits of compositions over the WebSocket; updates of the registry come in any case", "true", Release, "Features:RealTimeCollaboration"),
        new("ENABLE_ANALYTICS_DASHBOARD", VariableKind.Boolean, "The routes of analytics and dashboard", "true", Release, "Features:AnalyticsDashboard"),
        new("ENABLE_MOBILE_API", VariableKind.Boolean, "The mobile routes", "true", Release, "Features:MobileApi"),
        new("ENABLE_WEBHOOKS", VariableKind.Boolean, "The webhooks' routes and their delivery", "true", Release, "Features:Webhooks"),
    ];

    private static GuideVariable[] Monitoring() =>
    [
        new("ENABLE_METRICS", VariableKind.Boolean, "OpenTelemetry's metrics", "true", Release, "Telemetry:Metrics"),
        new("METRICS_PORT", VariableKind.Port, "The port that `/metrics` answers on, in a process of its own each", "9090 in production and staging; none in development and standalone", Release, "Telemetry:MetricsPort"),
        new("ENABLE_TRACING", VariableKind.Boolean, "OpenTelemetry's traces", "true", Release, "Telemetry:Tracing"),
        new("JAEGER_ENDPOINT", VariableKind.TraceEndpoint, "Where traces are sent, by OTLP over gRPC, unless `OTEL_EXPORTER_OTLP_ENDPOINT` says where everything is. The guide's `http://jaeger:14268/api/traces` becomes `http://jaeger:4317`", "none", Release, "Telemetry:TracesEndpoint") { IsSecret = true },
    ];

    private static GuideVariable[] Services() =>
    [
        new("ELASTICSEARCH_URL", VariableKind.HttpUrl, "The Elasticsearch server", "none: PostgreSQL answers searches", Release, "ConnectionStrings:elasticsearch") { IsSecret = true },
        new("SMTP_SERVER", VariableKind.HostName, "The mail server that notifications go to, when `Notifications:Enabled` is `true`", "none", Release, "Smtp:Server"),
        new("SMTP_PORT", VariableKind.Port, "Its port", "587", Release, "Smtp:Port"),
        new("SMTP_USERNAME", VariableKind.Text, "The user there", "none: nobody logs in", Release, "Smtp:Username"),
        new("SMTP_PASSWORD", VariableKind.Text, "The user's password", "none", Release, "Smtp:Password") { IsSecret = true },
    ];

    private static GuideVariable[] Storage() =>
    [
        new("STORAGE_BACKEND", VariableKind.Word(("local", "local"), ("s3", "s3")), "Where files are kept", "local", Reserved, "Storage:Backend"),
        new("AWS_ACCESS_KEY_ID", VariableKind.Text, "The access key for S3", "none", Reserved, "Storage:S3:AccessKeyId") { IsSecret = true },
        new("AWS_SECRET_ACCESS_KEY", VariableKind.Text, "Its secret", "none", Reserved, "Storage:S3:SecretAccessKey") { IsSecret = true },
        new("AWS_S3_BUCKET", VariableKind.Text, "The bucket", "none", Reserved, "Storage:S3:Bucket"),
        new("AWS_REGION", VariableKind.Text, "The bucket's region", "none", Reserved, "Storage:S3:Region"),
    ];

    private static GuideVariable[] RateLimiting() =>
    [
        new("RATE_LIMIT_ENABLED", VariableKind.Boolean, "Whether requests are limited", "true", Release, "RateLimit:Enabled"),
        new("RATE_LIMIT_REQUESTS_PER_MINUTE", VariableKind.Number(1, Many), "The requests a minute that a client may send in the long run", "100", Release, "RateLimit:RequestsPerMinute"),
        new("RATE_LIMIT_BURST", VariableKind.Number(1, Many), "The requests that it may send at once", "20", Release, "RateLimit:Burst"),
    ];
}
