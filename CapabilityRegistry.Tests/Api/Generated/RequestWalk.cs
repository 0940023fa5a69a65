using System.Text;

namespace CapabilityRegistry.Tests.Api.Generated;

/// <summary>Makes requests that are wrong in a few ways, from good ones. The same seed and number give the same request, but for the ids of the run.</summary>
internal sealed class RequestWalk(ApiDocument document, TenantData names, IReadOnlyDictionary<string, string> tokens, int seed)
{
    private readonly string[] _tokens = [.. tokens.Keys];
    private readonly Dictionary<ApiOperation, IReadOnlyList<Slot>> _slots = document.Operations.ToDictionary(o => o, o => Slot.Of(o, []));

    public IReadOnlyList<ApiOperation> Operations => document.Operations;

    public RawRequest Make(int number)
    {
        var random = new Random(unchecked((seed * 1_000_003) + number));
        var operation = document.Operations[random.Next(document.Operations.Count)];
        var call = Call.Of(operation, operation.Bodies.Count == 0 ? null : operation.Bodies[random.Next(operation.Bodies.Count)].MediaType, _slots[operation], names);

        // What one request takes away, later ones would not find: deletions are only rehearsed.
        call = operation.Writes && random.Next(10) is var rehearse && (rehearse < 9 || operation.Method == "DELETE")
            ? call.WithQuery("dry_run", rehearse < 7 || operation.Method == "DELETE" ? "true" : "false")
            : call;
        var request = new RawRequest(operation, operation.Method, call.Target) { IsChunked = random.Next(10) == 0 && call.Text is not null, Tokens = tokens };
        var mayAll = operation.IsForTenants ? 0 : 1;
        request.Set("Authorization", _tokens[random.Next(10) < 8 ? mayAll : random.Next(_tokens.Length)]);
        if (call.MediaType is not null)
        {
            request.Set("Content-Type", call.MediaType);
            request.Body = Encoding.UTF8.GetBytes(call.Text!);
        }

        for (var times = random.Next(1, 4); times > 0; times--)
        {
            Spoil(request, call, random);
        }

        var coding = request.Headers.LastOrDefault(h => h.Name == "Content-Encoding").Value;
        request.Body = coding is null ? request.Body : BodyMutations.Encode(request.Body, coding, random);
        request.IsChunked &= request.Method is not ("GET" or "HEAD" or "CONNECT");
        return request;
    }

    private static void Spoil(RawRequest request, Call call, Random random)
    {
        switch (random.Next(20))
        {
            case < 4:
                request.Target = SpoilPath(request, random);
                break;
            case < 8:
                request.Target = SpoilQuery(request, random);
                break;
            case < 12:
                SpoilHeader(request, random);
                break;
            case < 13:
                request.Method = Pick(Odd.Methods, random);
                break;
            case < 14:
                request.Headers.RemoveAll(h => h.Name is "Authorization" or "Content-Type" && random.Next(2) == 0);
                break;
            case < 19 when call.MediaType is not null:
                request.Body = BodyMutations.Apply(call, random);
                break;
            default:
                request.Body = call.MediaType is null && random.Next(2) == 0 ? Pick(Odd.Bodies, random) : request.Body;
                break;
        }
    }

    private static string SpoilPath(RawRequest request, Random random)
    {
        var (path, query) = Parts(request.Target);
        var steps = path.Split('/');
        var template = request.Operation.Path.Split('/');
        int[] places = [.. Enumerable.Range(0, Math.Min(steps.Length, template.Length)).Where(i => template[i].StartsWith('{'))];
        if (places.Length > 0 && random.Next(5) > 0)
        {
            steps[places[random.Next(places.Length)]] = Pick(Odd.Encoded, random);
            return string.Join('/', steps) + query;
        }

        return random.Next(5) switch
        {
            0 => $"{path}/{Pick(Odd.Encoded, random)}{query}",
            1 => $"{path}/{query}",
            2 => $"/{path}{query}",
            3 => $"{path.ToUpperInvariant()}{query}",
            _ => $"{path}{Pick(Odd.Encoded, random)}{query}",
        };
    }

    private static string SpoilQuery(RawRequest request, Random random)
    {
        string[] known = [.. request.Operation.Parameters.Where(p => p.In == "query").Select(p => p.Name)];
        var name = known.Length == 0 || random.Next(8) == 0 ? Pick(Odd.Encoded, random) : Pick(known, random);
        var added = random.Next(10) switch
        {
            0 => name,
            1 => $"{name}=&{name}=1",
            2 => $"{name[..^Math.Min(1, name.Length)]}={Pick(Odd.Encoded, random)}",
            3 => $"{name.ToUpperInvariant()}=1",
            4 => "&&=&",
            5 => $"{name}=\xFF{(random.Next(10) == 0 ? " " : "")}",
            _ => $"{name}={Pick(Odd.Encoded, random)}",
        };
        return request.Target.Contains('?', StringComparison.Ordinal) ? $"{request.Target}&{added}" : $"{request.Target}?{added}";
    }

    private static void SpoilHeader(RawRequest request, Random random)
    {
        var (name, values) = Pick(Odd.Headers, random);
        var value = Pick(values, random);
        if (name == "Authorization" && random.Next(3) == 0 && request.Headers.Find(h => h.Name == name).Value is { Length: > 60 } token)
        {
            value = $"{token[..(token.Length / 2)]}{(char)('A' + random.Next(26))}{token[((token.Length / 2) + 1)..]}";
        }

        if (random.Next(6) == 0)
        {
            request.Headers.Add((name, value));
        }
        else
        {
            request.Set(name, value);
        }
    }

    private static (string Path, string Query) Parts(string target) => target.IndexOf('?', StringComparison.Ordinal) is > -1 and var at ? (target[..at], target[at..]) : (target, "");

    private static T Pick<T>(T[] from, Random random) => from[random.Next(from.Length)];
}
