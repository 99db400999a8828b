// How connections, listeners and pairs shall be.
using System;
using System.Diagnostics.CodeAnalysis;
using Kith.Interop;

namespace Kith
{
	/// <summary>How a connection shall be.</summary>
	public sealed class ConnectionOptions
	{
		/// <summary>Options that differ from the endpoint's.</summary>
		public ConfigValues Config { get; set; } = new ConfigValues();

		/// <summary>Connecting by address: who must answer there; null: anyone.</summary>
		[AllowNull, MaybeNull]
		public Identity Peer { get; set; }

		/// <summary>A name for logs and people.</summary>
		[AllowNull, MaybeNull]
		public string Name { get; set; }

		/// <summary>Any number of the application's; comes with every event and message.</summary>
		public long UserData { get; set; }

		/// <summary>Connecting to an identity: the virtual port there.</summary>
		public int VirtualPort { get; set; }

		/// <summary>Both sides may call each other; the calls become one connection.</summary>
		public bool Symmetric { get; set; }

		/// <summary>The poll group it joins.</summary>
		[AllowNull, MaybeNull]
		public PollGroup PollGroup { get; set; }

		internal static unsafe NativeConnectionOptions* Write(ConnectionOptions options, Scratch scratch)
		{
			if (options == null)
				return null;
			var native = (NativeConnectionOptions*)scratch.Zeroed(sizeof(NativeConnectionOptions));
			native->StructSize = (uint)sizeof(NativeConnectionOptions);
			native->ConfigCount = (uint)options.Config.Count;
			native->Config = options.Config.Write(scratch);
			native->Peer = scratch.Identity(options.Peer);
			native->Name = scratch.Text(options.Name);
			native->UserData = options.UserData;
			native->VirtualPort = options.VirtualPort;
			native->Symmetric = options.Symmetric ? 1 : 0;
			native->PollGroup = options.PollGroup == null ? 0 : options.PollGroup.Handle;
			return native;
		}
	}

	/// <summary>How a listener, and the connections that come through it, shall be.</summary>
	public sealed class ListenerOptions
	{
		/// <summary>Options that differ from the endpoint's.</summary>
		public ConfigValues Config { get; set; } = new ConfigValues();

		/// <summary>What its connections' user data begins as.</summary>
		public long UserData { get; set; }

		/// <summary>Calls to and from this virtual port are symmetric.</summary>
		public bool Symmetric { get; set; }

		/// <summary>The poll group its connections join.</summary>
		[AllowNull, MaybeNull]
		public PollGroup PollGroup { get; set; }

		internal static unsafe NativeListenerOptions* Write(ListenerOptions options, Scratch scratch)
		{
			if (options == null)
				return null;
			var native = (NativeListenerOptions*)scratch.Zeroed(sizeof(NativeListenerOptions));
			native->StructSize = (uint)sizeof(NativeListenerOptions);
			native->ConfigCount = (uint)options.Config.Count;
			native->Config = options.Config.Write(scratch);
			native->UserData = options.UserData;
			native->Symmetric = options.Symmetric ? 1 : 0;
			native->PollGroup = options.PollGroup == null ? 0 : options.PollGroup.Handle;
			return native;
		}
	}

	/// <summary>How the two ends of a pair shall be.</summary>
	public sealed class PairOptions
	{
		/// <summary>By UDP sockets of this machine instead of in memory.</summary>
		public bool Network { get; set; }

		/// <summary>Who the first end is to the second; null: this machine.</summary>
		[AllowNull, MaybeNull]
		public Identity FirstIdentity { get; set; }

		/// <summary>Who the second end is to the first; null: this machine.</summary>
		[AllowNull, MaybeNull]
		public Identity SecondIdentity { get; set; }

		/// <summary>How the first end shall be.</summary>
		[AllowNull, MaybeNull]
		public ConnectionOptions First { get; set; }

		/// <summary>How the second end shall be.</summary>
		[AllowNull, MaybeNull]
		public ConnectionOptions Second { get; set; }

		internal static unsafe NativePairOptions* Write(PairOptions options, Scratch scratch)
		{
			if (options == null)
				return null;
			var native = (NativePairOptions*)scratch.Zeroed(sizeof(NativePairOptions));
			native->StructSize = (uint)sizeof(NativePairOptions);
			native->Network = options.Network ? 1 : 0;
			native->FirstIdentity = scratch.Identity(options.FirstIdentity);
			native->SecondIdentity = scratch.Identity(options.SecondIdentity);
			native->First = ConnectionOptions.Write(options.First, scratch);
			native->Second = ConnectionOptions.Write(options.Second, scratch);
			return native;
		}
	}

	/// <summary>Two connections that talk to each other.</summary>
	public sealed class ConnectionPair : IDisposable
	{
		internal ConnectionPair(Connection first, Connection second)
		{
			First = first;
			Second = second;
		}

		/// <summary>That of the first endpoint.</summary>
		public Connection First { get; }

		/// <summary>That of the second endpoint.</summary>
		public Connection Second { get; }

		/// <summary>Closes both.</summary>
		public void Dispose()
		{
			First.Dispose();
			Second.Dispose();
		}
	}
}
