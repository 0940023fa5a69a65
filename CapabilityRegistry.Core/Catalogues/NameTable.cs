using System.Collections.Concurrent;

namespace CapabilityRegistry.Core.Catalogues;

/// <summary>The name space of one tenant: gives every name a small number, for ever.</summary>
/// <remarks>Only grows; shared by all snapshots of a tenant, each of which looks at the numbers below its own count. Safe for concurrent use.</remarks>
internal sealed class NameTable
{
    private readonly ConcurrentDictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly Lock _growing = new();
    private string[] _names = new string[64];
    private int _count;

    public int Count => Volatile.Read(ref _count);

    public string this[int number] => Volatile.Read(ref _names)[number];

    public int? Find(string name) => _numbers.TryGetValue(name, out var number) ? number : null;

    public int Intern(string name)
    {
        if (_numbers.TryGetValue(name, out var known))
        {
            return known;
        }

        lock (_growing)
        {
            if (_numbers.TryGetValue(name, out known))
            {
                return known;
            }

            var number = _count;
            if (number == _names.Length)
            {
                var larger = new string[number * 2];
                _names.CopyTo(larger, 0);
                Volatile.Write(ref _names, larger);
            }

            _names[number] = name;
            Volatile.Write(ref _count, number + 1);
            _numbers[name] = number;
            return number;
        }
    }
}
