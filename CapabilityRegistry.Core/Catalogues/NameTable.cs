using System.Collections.Concurrent;

namespace CapabilityRegistry.Core.Catalogues;

/// <summary>The name space of one tenant: gives every name a small number, for ever.</summary>
/// <remarks>Only grows; shared by all snapshots of a tenant, each of which looks at the numbers below its own count. Safe for concurrent use.</remarks>
internal sealed class NameTable
{
    /// <summary>How many names may come that nobody may need any more, before it matters.</summary>
    private const int Spare = 4_096;

    private readonly ConcurrentDictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly Lock _growing = new();
    private string[] _names = new string[64];
    private int _count;
    private int _settled;

    public int Count => Volatile.Read(ref _count);

    /// <summary>Whether there are so many more names than when it was new that most may be of what is gone.</summary>
    public bool IsOutgrown => Count > Spare + (2 * Volatile.Read(ref _settled));

    public string this[int number] => Volatile.Read(ref _names)[number];

    public int? Find(string name) => _numbers.TryGetValue(name, out var number) ? number : null;

    /// <summary>All names that there are now are of something that exists.</summary>
    public void Settle() => Volatile.Write(ref _settled, Count);

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
