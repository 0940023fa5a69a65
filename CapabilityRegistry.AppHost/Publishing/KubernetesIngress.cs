namespace CapabilityRegistry.AppHost.Publishing;

/// <summary>The way into the cluster: TLS, and the guide's limits at the door.</summary>
internal static class KubernetesIngress
{
    /// <summary>A value of the chart, <c>--set host=...</c>. In Go's raw quotes, because the publisher escapes the others.</summary>
    private const string Host = "{{ .Values.host | default `registry.example.com` }}";

    private static readonly Dictionary<string, string> Annotations = new(StringComparer.Ordinal)
    {
        ["cert-manager.io/cluster-issuer"] = "letsencrypt-prod",
        ["nginx.ingress.kubernetes.io/ssl-redirect"] = "true",
        ["nginx.ingress.kubernetes.io/force-ssl-redirect"] = "true",

        // The guide's two names mean nothing to ingress-nginx; the two after them are its own.
        ["nginx.ingress.kubernetes.io/rate-limit"] = "100",
        ["nginx.ingress.kubernetes.io/rate-limit-burst"] = "20",
        ["nginx.ingress.kubernetes.io/limit-rpm"] = "100",
        ["nginx.ingress.kubernetes.io/limit-burst-multiplier"] = "1",

        // Imports are streams without an end in sight, and so are sockets.
        ["nginx.ingress.kubernetes.io/proxy-body-size"] = "0",
        ["nginx.ingress.kubernetes.io/proxy-request-buffering"] = "off",
        ["nginx.ingress.kubernetes.io/proxy-read-timeout"] = "3600",
        ["nginx.ingress.kubernetes.io/proxy-send-timeout"] = "3600",
    };

    public static Manifest To(string service)
    {
        var ingress = new Manifest("networking.k8s.io/v1", "Ingress", "api-ingress", new()
        {
            ["ingressClassName"] = "nginx",
            ["tls"] = new[] { new Dictionary<string, object> { ["hosts"] = new List<string> { Host }, ["secretName"] = "registry-tls" } },
            ["rules"] = new[] { new Dictionary<string, object> { ["host"] = Host, ["http"] = new Dictionary<string, object> { ["paths"] = new[] { Everything(service) } } } },
        });
        foreach (var (name, value) in Annotations)
        {
            ingress.Metadata.Annotations[name] = value;
        }

        return ingress;
    }

    private static Dictionary<string, object> Everything(string service) => new()
    {
        ["path"] = "/",
        ["pathType"] = "Prefix",
        ["backend"] = new Dictionary<string, object>
        {
            ["service"] = new Dictionary<string, object> { ["name"] = service, ["port"] = new Dictionary<string, object> { ["name"] = "http" } },
        },
    };
}
