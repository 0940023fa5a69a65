using Aspire.Hosting.Kubernetes;

namespace CapabilityRegistry.AppHost.Publishing;

/// <summary>One place in the chart's values for each secret. The publisher gives every resource a copy under its own name, and forgets in <c>values.yaml</c> those that are part of a connection string.</summary>
internal static class KubernetesSecrets
{
    private const string DatabasePassword = "DATABASE_PASSWORD";

    private static readonly (string Name, string Home)[] Homes = [("owner_password", "postgres"), ("redis_password", "redis"), ("database_password", "migrations")];

    /// <summary>Makes the publisher list the password of the login that the migrations make. The process does not get the variable.</summary>
    public static IResourceBuilder<ProjectResource> WithDatabasePasswordInValues(this IResourceBuilder<ProjectResource> migrations)
    {
        var password = migrations.ApplicationBuilder.Resources.OfType<ParameterResource>().Single(parameter => parameter.Name == "database-password");
        return migrations.WithEnvironment(DatabasePassword, migrations.ApplicationBuilder.CreateResourceBuilder(password));
    }

    public static void ShareSecrets(this KubernetesResource resource, string component)
    {
        var values = resource.Secret!.StringData;
        values.Remove(DatabasePassword);
        foreach (var key in values.Keys.ToArray())
        {
            foreach (var (name, home) in Homes)
            {
                values[key] = values[key].Replace($".Values.secrets.{component}.{name} ", $".Values.secrets.{home}.{name} ", StringComparison.Ordinal);
            }
        }
    }
}
