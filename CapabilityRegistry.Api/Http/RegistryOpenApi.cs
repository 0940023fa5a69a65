using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace CapabilityRegistry.Api.Http;

/// <summary>The OpenAPI document.</summary>
internal static class RegistryOpenApi
{
    public static void AddRegistryOpenApi(this IServiceCollection services) => services.AddOpenApi("v1", options =>
    {
        options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new() { Title = "Capability Registry", Version = "1.0", Description = "Knows every capability, every version, what each needs and offers; finds the right one; proves whether a set works together." };
            document.Servers = [];
            return Task.CompletedTask;
        });
        options.AddOperationTransformer(AddTenantHeader);
        options.AddSchemaTransformer(NameWords);
    });

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

    private static Task AddTenantHeader(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        if (context.Description.RelativePath?.StartsWith("api/health", StringComparison.Ordinal) is not true)
        {
            operation.Parameters ??= [];
            operation.Parameters.Add(new OpenApiParameter
            {
                Name = TenantFilter.Header,
                In = ParameterLocation.Header,
                Required = true,
                Description = "The tenant whose data is meant.",
                Schema = new OpenApiSchema { Type = JsonSchemaType.String, Pattern = "^[a-z0-9][a-z0-9_-]{0,62}$" },
            });
        }

        return Task.CompletedTask;
    }
}
