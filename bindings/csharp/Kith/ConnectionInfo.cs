// What a connection is.
using System;
using System.Diagnostics.CodeAnalysis;
using Kith.Interop;

namespace Kith
{
	/// <summary>What a connection is.</summary>
	public sealed unsafe class ConnectionInfo
	{
		internal ConnectionInfo(Endpoint endpoint, NativeInfo* native)
		{
			Endpoint = endpoint;
			Listener = endpoint.FindListener(native->Listener);
			PollGroup = endpoint.FindPollGroup(native->PollGroup);
			State = (ConnectionState)native->State;
			IsIncoming = native->Incoming != 0;
			VirtualPort = native->VirtualPort;
			Route = (RouteKind)native->Route;
			Reason = native->Reason;
			PeerIsGns = native->PeerIsGns != 0;
			UserData = native->UserData;
			ConnectTime = Duration.Known(native->ConnectTimeUs);
			Peer = Identity.OrNull(native->Peer);
			Local = new Address(native->Local);
			Remote = new Address(native->Remote);
			Text = Interop.Text.Read(native->Text);
			Name = Interop.Text.Read(native->Name);
		}

		/// <summary>Whose it is.</summary>
		public Endpoint Endpoint { get; }

		/// <summary>Where it knocked; null: it was made here, or the listener is closed.</summary>
		[MaybeNull]
		public Listener Listener { get; }

		/// <summary>The poll group it is in; null: none.</summary>
		[MaybeNull]
		public PollGroup PollGroup { get; }

		/// <summary>Its state.</summary>
		public ConnectionState State { get; }

		/// <summary>The peer called us.</summary>
		public bool IsIncoming { get; }

		/// <summary>The virtual port of a peer-to-peer connection, else -1.</summary>
		public int VirtualPort { get; }

		/// <summary>The kind of way its data goes.</summary>
		public RouteKind Route { get; }

		/// <summary>Why it ended: <see cref="Kith.Reason"/> or any number of the peer's; 0 while it lives.</summary>
		public int Reason { get; }

		/// <summary>The peer's library is GNS, or does not say what it is.</summary>
		public bool PeerIsGns { get; }

		/// <summary>What the application attached.</summary>
		public long UserData { get; }

		/// <summary>From the call until it was connected; null before.</summary>
		public TimeSpan? ConnectTime { get; }

		/// <summary>Who is at the other end; null: not known yet.</summary>
		[MaybeNull]
		public Identity Peer { get; }

		/// <summary>The address here, where it is known.</summary>
		public Address Local { get; }

		/// <summary>The address of the peer, or of its relay.</summary>
		public Address Remote { get; }

		/// <summary>Why it ended, in words; may be empty.</summary>
		public string Text { get; }

		/// <summary>The name given to it.</summary>
		public string Name { get; }
	}
}
