namespace CapabilityRegistry.Tests.ServiceDefaults.Configuration;

/// <summary>The environment of the deployment guide, as it stands there.</summary>
internal static class GuideEnvironment
{
    public const string Text =
        """
        # Application
        ENVIRONMENT=production
        DEBUG=False
        LOG_LEVEL=INFO
        SECRET_KEY=your-secret-key-here

        # Database
        DATABASE_URL=postgresql://registry_user:secure_password@localhost:5432/apg_capability_registry
        DATABASE_POOL_SIZE=20
        DATABASE_MAX_OVERFLOW=30

        # Redis
        REDIS_URL=redis://:password@localhost:6379/0
        REDIS_POOL_SIZE=20

        # APG Platform Integration
        APG_PLATFORM_URL=https://apg.platform.url
        APG_COMPOSITION_ENGINE_URL=https://composition.apg.platform.url
        APG_DISCOVERY_SERVICE_URL=https://discovery.apg.platform.url
        APG_TENANT_ID=production-tenant
        APG_API_KEY=your-apg-api-key

        # Security
        JWT_SECRET_KEY=your-jwt-secret-key
        JWT_ALGORITHM=HS256
        JWT_ACCESS_TOKEN_EXPIRE_MINUTES=30
        ENCRYPTION_KEY=your-encryption-key

        # Performance
        ASYNC_POOL_SIZE=100
        MAX_CONNECTIONS_PER_HOST=20
        REQUEST_TIMEOUT=30

        # Features
        ENABLE_MARKETPLACE_INTEGRATION=true
        ENABLE_REAL_TIME_COLLABORATION=true
        ENABLE_ANALYTICS_DASHBOARD=true
        ENABLE_MOBILE_API=true
        ENABLE_WEBHOOKS=true

        # Monitoring
        ENABLE_METRICS=true
        METRICS_PORT=9090
        ENABLE_TRACING=true
        JAEGER_ENDPOINT=http://jaeger:14268/api/traces

        # External Services
        ELASTICSEARCH_URL=http://elasticsearch:9200
        SMTP_SERVER=smtp.gmail.com
        SMTP_PORT=587
        SMTP_USERNAME=your-email@gmail.com
        SMTP_PASSWORD=your-app-password

        # File Storage
        STORAGE_BACKEND=s3
        AWS_ACCESS_KEY_ID=your-access-key
        AWS_SECRET_ACCESS_KEY=your-secret-key
        AWS_S3_BUCKET=apg-registry-files
        AWS_REGION=us-east-1

        # Rate Limiting
        RATE_LIMIT_ENABLED=true
        RATE_LIMIT_REQUESTS_PER_MINUTE=100
        RATE_LIMIT_BURST=20
        """;

    public static Dictionary<string, string> Variables { get; } = Text.Split('\n')
        .Where(line => line.Contains('=', StringComparison.Ordinal))
        .Select(line => line.Split('=', 2))
        .ToDictionary(parts => parts[0], parts => parts[1].Trim());
}
