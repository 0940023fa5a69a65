using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace CapabilityRegistry.ServiceDefaults.Shutdown;

/// <summary>Keeps a listening TCP socket from taking connections that are yet to begin, while those that have begun still arrive (Linux).</summary>
/// <remarks>Closing such a socket resets every connection that the kernel has accepted and the program has not; to a proxy that is a request which was sent and broke off, and a POST is not sent twice.
/// So its first segments (SYN) are dropped before: who sends one sends it again after a second, finds nobody listening, and knows that it may go elsewhere.</remarks>
internal static class Newcomers
{
    private const int SocketLevel = 1;
    private const int AttachFilter = 26;

    private const ushort LoadByte = 0x30;
    private const ushort And = 0x54;
    private const ushort JumpIfEqual = 0x15;
    private const ushort Return = 0x06;

    private const uint TcpFlags = 13;
    private const uint SynAndAck = 0x12;
    private const uint Syn = 0x02;
    private const uint Drop = 0;
    private const uint Keep = uint.MaxValue;

    /// <summary>From now on.</summary>
    /// <exception cref="SocketException">The kernel has no such filter.</exception>
    public static void Refuse(Socket listener)
    {
        var filter = GC.AllocateArray<Instruction>(5, pinned: true);
        filter[0] = new(LoadByte, 0, 0, TcpFlags);
        filter[1] = new(And, 0, 0, SynAndAck);
        filter[2] = new(JumpIfEqual, 0, 1, Syn);
        filter[3] = new(Return, 0, 0, Drop);
        filter[4] = new(Return, 0, 0, Keep);
        var program = new FilterProgram((ushort)filter.Length, Marshal.UnsafeAddrOfPinnedArrayElement(filter, 0));
        listener.SetRawSocketOption(SocketLevel, AttachFilter, MemoryMarshal.AsBytes(new ReadOnlySpan<FilterProgram>(in program)));
    }

    /// <summary>The kernel's <c>sock_filter</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct Instruction(ushort Code, byte IfTrue, byte IfFalse, uint Operand);

    /// <summary>The kernel's <c>sock_fprog</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct FilterProgram(ushort Length, nint Instructions);
}
