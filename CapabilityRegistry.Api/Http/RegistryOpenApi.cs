using System.Text.Json;
using System.Text.Json.Nodes;
using CapabilityRegistry.Api.Events;
using CapabilityRegistry.Api.Identity;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace CapabilityRegistry.Api.Http;

/// <summary>The OpenAPI document: what handlers declare, and what the contract says of all of them.</summary>
internal static class RegistryOpenApi
{
    private const string Bearer = "bearer";

    private static readonly JsonObject Examples = ReadExamples();

    public static void AddRegistryOpenApi(this IServiceCollection services) => services.AddOpenApi("v1", options =>
    {
        options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
        options.CreateSchemaReferenceId = info => OpenApiOptions.CreateDefaultSchemaReferenceId(info) is null ? null : NameOf(info.Type);
        options.ShouldInclude = description => description.HttpMethod != HttpMethods.Head;
        options.AddDocumentTransformer(Describe);
        options.AddOperationTransformer(AddContract);
        options.AddOperationTransformer(AddExamples);
        options.AddSchemaTransformer(NameWords);
    });

    /// <summary>A type by its own name; one inside a use case, such as a request, by that one's name too: schemas of one name are one schema.</summary>
    private static string NameOf(Type type)
    {
        if (Nullable.GetUnderlyingType(type) is { } value)
        {
            return NameOf(value);
        }

        var name = $"{type.DeclaringType?.Name}{type.Name.Split('`')[0]}";
        return type.IsGenericType ? $"{name}Of{string.Join("And", type.GetGenericArguments().Select(NameOf))}" : name;
    }

    private static async Task Describe(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = new()
        {
            Title = "Capability Registry",
            Version = "1.0",
            Description = "Knows every capability, every version, what each needs and offers; finds the right one; proves whether a set works together.",
        };
        document.Servers = [];
        document.Components ??= new();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>(StringComparer.Ordinal)
        {
            [Bearer] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", BearerFormat = "JWT", Description = "An access token of POST /api/auth/token, or of the OpenID Connect issuer that is configured." },
        };
        document.AddComponent("Problem", await context.GetOrCreateSchemaAsync(typeof(ProblemBody), null, cancellationToken));
    }

    private static Task AddContract(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        if (metadata.OfType<Access>().LastOrDefault() is { } access)
        {
            operation.Security = [new() { [new OpenApiSecuritySchemeReference(Bearer, context.Document)] = [] }];
            operation.Description = $"Needs the scope `{access.Scope}` and one of the roles {string.Join(", ", access.AnyOf.Select(r => $"`{r}`"))}.";
            AddParameters(operation, context.Description.HttpMethod!, access, metadata);
        }

        operation.Responses ??= [];
        operation.Responses["default"] = new OpenApiResponse
        {
            Description = "A problem (RFC 9457).",
            Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal) { ["application/problem+json"] = new() { Schema = new OpenApiSchemaReference("Problem", context.Document) } },
        };
        return Task.CompletedTask;
    }

    private static void AddParameters(OpenApiOperation operation, string method, Access access, IList<object> metadata)
    {
        AddHeader(operation, CallerFilter.TenantHeader, "The tenant of the token; any other is refused.", TenantName.Pattern);
        AddHeader(operation, RequestIds.Header, "An id to find the request by; made when there is none, and given back.");
        AddHeader(operation, ApgEnvelope.Header, "1.0 wraps single resources and errors in the envelope of APG 1.0.", "^1\\.0$");
        AddHeader(operation, PositionFilter.MinimumHeader, "Answers from a state that has everything up to this position, as Registry-Position gave it; 503 when that takes too long.", "^[0-9]{1,18}$");
        if (!access.Writes)
        {
            if (HttpMethods.IsGet(method) && !metadata.OfType<MeasurementAttribute>().Any() && operation.Responses?["200"].Content is { Count: > 0 })
            {
                AddHeader(operation, "If-None-Match", "The ETag of what the caller has; 304 when that is still so.");
                operation.Responses!["304"] = new OpenApiResponse { Description = "What the caller has is still so." };
            }

            return;
        }

        if (!metadata.OfType<OwnTransactionsAttribute>().Any())
        {
            operation.Parameters!.Add(new OpenApiParameter { Name = WriteFilter.DryRun, In = ParameterLocation.Query, Description = "Goes the same way, gives the same answer, and keeps nothing.", Schema = new OpenApiSchema { Type = JsonSchemaType.Boolean } });
            if (operation.Responses?.ContainsKey("201") is not true && !metadata.OfType<OwnPreconditionsAttribute>().Any())
            {
                AddHeader(operation, "If-Match", "The ETag of what the change was thought for; 412 when that is no longer so.");
            }

            if (HttpMethods.IsPost(method))
            {
                AddHeader(operation, IdempotentRequest.Header, "Makes the request repeatable: a repeat gets the first answer.", "^[!-~]{1,255}$");
            }
        }
    }

    private static void AddHeader(OpenApiOperation operation, string name, string description, string? pattern = null)
    {
        operation.Parameters ??= [];
        operation.Parameters.Add(new OpenApiParameter { Name = name, In = ParameterLocation.Header, Description = description, Schema = new OpenApiSchema { Type = JsonSchemaType.String, Pattern = pattern } });
    }

    private static Task AddExamples(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        if (operation.OperationId is null || Examples[operation.OperationId] is not JsonObject examples)
        {
            return Task.CompletedTask;
        }

        foreach (var media in operation.RequestBody?.Content?.Values ?? [])
        {
            media.Example = examples["request"]?.DeepClone();
        }

        foreach (var (status, response) in operation.Responses ?? [])
        {
            foreach (var media in status.StartsWith('2') ? response.Content?.Values ?? [] : [])
            {
                media.Example = examples["response"]?.DeepClone();
            }
        }

        return Task.CompletedTask;
    }

    /// <summary>Enumerations are words on the wire.</summary>
    private static Task NameWords(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        var type = Nullable.GetUnderlyingType(context.JsonTypeInfo.Type) ?? context.JsonTypeInfo.Type;
        if (type.IsEnum)
        {
            schema.Type = JsonSchemaType.String;
            schema.Enum = [.. Enum.GetNames(type).Select(name => (JsonNode)JsonNamingPolicy.SnakeCaseLower.ConvertName(name))];
        }

        return Task.CompletedTask;
    }

    private static JsonObject ReadExamples()
    {
        using var source = typeof(RegistryOpenApi).Assembly.GetManifestResourceStream("openapi-examples.json")!;
        return JsonNode.Parse(source)!.AsObject();
    }
}
