// Where a datagram goes: an IP address and a port.
using System;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using Kith.Interop;

namespace Kith
{
	/// <summary>An IPv4 or IPv6 address and a port. The default value is no address.</summary>
	public readonly unsafe struct Address : IEquatable<Address>
	{
		internal readonly NativeAddress Native;

		internal Address(NativeAddress native)
		{
			Native = native;
		}

		/// <summary>Makes one of .NET's kind.</summary>
		public Address(IPAddress ip, int port)
		{
			if (ip == null)
				throw new ArgumentNullException(nameof(ip));
			var native = new NativeAddress { Port = checked((ushort)port) };
			byte[] bytes = ip.MapToIPv6().GetAddressBytes();
			for (int i = 0; i < 16; i++)
				native.Ip[i] = bytes[i];
			if (ip.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6)
				native.Scope = (uint)ip.ScopeId;
			Native = native;
		}

		/// <summary>Reads "1.2.3.4", "1.2.3.4:5", "::1" or "[::1]:5". Names of hosts are not looked up.</summary>
		public static Address Parse(string text)
		{
			NativeAddress native;
			using (var scratch = new Scratch())
				Check.Ok(Interop.Native.address_parse(scratch.Text(text), &native));
			return new Address(native);
		}

		/// <summary>As <see cref="Parse"/>, but says whether it worked.</summary>
		public static bool TryParse([AllowNull] string text, out Address address)
		{
			NativeAddress native;
			int result;
			using (var scratch = new Scratch())
				result = Interop.Native.address_parse(scratch.Text(text), &native);
			address = new Address(native);
			return result == 0;
		}

		/// <summary>The IP address; IPv4 as such. "::" is every address of this machine.</summary>
		public IPAddress IP
		{
			get
			{
				var bytes = new byte[16];
				NativeAddress native = Native;
				for (int i = 0; i < 16; i++)
					bytes[i] = native.Ip[i];
				var ip = new IPAddress(bytes, native.Scope);
				return ip.IsIPv4MappedToIPv6 ? ip.MapToIPv4() : ip;
			}
		}

		/// <summary>The port; 0: none, or any.</summary>
		public int Port => Native.Port;

		/// <summary>Whether this is no address at all.</summary>
		public bool IsNone => Equals(default(Address));

		/// <summary>The same for .NET's sockets.</summary>
		public IPEndPoint ToIPEndPoint() => new IPEndPoint(IP, Port);

		/// <summary>The same of .NET's sockets.</summary>
		public static implicit operator Address(IPEndPoint address)
		{
			if (address == null)
				throw new ArgumentNullException(nameof(address));
			return new Address(address.Address, address.Port);
		}

		/// <summary>As <see cref="Parse"/> reads it; with the port unless that is 0.</summary>
		public override string ToString()
		{
			NativeAddress native = Native;
			return Text.From((buffer, capacity, size) => Print(native, buffer, capacity, size));
		}

		static int Print(NativeAddress native, byte* buffer, UIntPtr capacity, UIntPtr* size)
		{
			return Interop.Native.address_print(&native, buffer, capacity, size);
		}

		/// <summary>Whether both are the same address and port.</summary>
		public bool Equals(Address other)
		{
			NativeAddress first = Native, second = other.Native;
			return Interop.Native.address_equal(&first, &second) != 0;
		}

		/// <inheritdoc/>
		public override bool Equals([AllowNull] object obj) => obj is Address && Equals((Address)obj);

		/// <inheritdoc/>
		public override int GetHashCode()
		{
			NativeAddress native = Native;
			int hash = native.Port;
			for (int i = 0; i < 16; i++)
				hash = hash * 31 + native.Ip[i];
			return hash;
		}

		/// <summary>Whether both are the same address and port.</summary>
		public static bool operator ==(Address left, Address right) => left.Equals(right);

		/// <summary>Whether they differ.</summary>
		public static bool operator !=(Address left, Address right) => !left.Equals(right);
	}
}
