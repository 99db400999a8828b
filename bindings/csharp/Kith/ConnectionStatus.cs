// How a connection fares now.
using System;
using Kith.Interop;

namespace Kith
{
	/// <summary>How a connection fares now.</summary>
	public readonly struct ConnectionStatus
	{
		readonly NativeStatus _native;

		internal ConnectionStatus(in NativeStatus native)
		{
			_native = native;
		}

		/// <summary>Its state.</summary>
		public ConnectionState State => (ConnectionState)_native.State;

		/// <summary>Round trip, smoothed; null: unknown, as everywhere here.</summary>
		public TimeSpan? Ping => Duration.Known(_native.PingUs);

		/// <summary>The shortest round trip of the last ten seconds or so.</summary>
		public TimeSpan? PingMinimum => Duration.Known(_native.PingMinUs);

		/// <summary>How far round trips are from their mean.</summary>
		public TimeSpan? PingDeviation => Duration.Known(_native.PingDeviationUs);

		/// <summary>The highest jitter since this was last asked.</summary>
		public TimeSpan? Jitter => Duration.Known(_native.JitterUs);

		/// <summary>Part of the peer's packets that arrive here, and in order, 0-1.</summary>
		public double? QualityLocal => Duration.Known(_native.QualityLocal);

		/// <summary>The same of our packets, as the peer told last.</summary>
		public double? QualityRemote => Duration.Known(_native.QualityRemote);

		/// <summary>Part of the peer's packets that do not arrive, 0-1.</summary>
		public double? LossLocal => Duration.Known(_native.LossLocal);

		/// <summary>The same of our packets, as the peer told last.</summary>
		public double? LossRemote => Duration.Known(_native.LossRemote);

		/// <summary>Rate of the last five seconds or so.</summary>
		public double PacketsOutPerSecond => _native.OutPacketsPerSecond;

		/// <summary>Rate of the last five seconds or so, with all that is around messages.</summary>
		public double BytesOutPerSecond => _native.OutBytesPerSecond;

		/// <summary>Rate of the last five seconds or so.</summary>
		public double PacketsInPerSecond => _native.InPacketsPerSecond;

		/// <summary>Rate of the last five seconds or so, with all that is around messages.</summary>
		public double BytesInPerSecond => _native.InBytesPerSecond;

		/// <summary>Bytes per second that could be sent, as the congestion control sees it.</summary>
		public long SendRate => _native.SendRate;

		/// <summary>Bytes of messages that have not left yet, or were lost and will leave again.</summary>
		public long PendingReliable => _native.PendingReliable;

		/// <summary>Bytes of unreliable messages that have not left yet.</summary>
		public long PendingUnreliable => _native.PendingUnreliable;

		/// <summary>Bytes that have left, and are neither acknowledged nor lost.</summary>
		public long UnackedReliable => _native.UnackedReliable;

		/// <summary>Until a message sent now would leave.</summary>
		public TimeSpan QueueTime => Duration.Of(_native.QueueTimeUs);

		/// <summary>Since the connection began.</summary>
		public ulong PacketsSent => _native.PacketsSent;

		/// <summary>Since the connection began.</summary>
		public ulong PacketsReceived => _native.PacketsReceived;

		/// <summary>Since the connection began.</summary>
		public ulong BytesSent => _native.BytesSent;

		/// <summary>Since the connection began.</summary>
		public ulong BytesReceived => _native.BytesReceived;

		/// <summary>Sent packets that were declared lost.</summary>
		public ulong PacketsLost => _native.PacketsLost;

		/// <summary>Received packets that were duplicates, damaged or forged.</summary>
		public ulong PacketsDropped => _native.PacketsDropped;

		/// <summary>The round trip as the peer measures it, as it told last.</summary>
		public TimeSpan? PingRemote => Duration.Known(_native.PingRemoteUs);

		/// <summary>The jitter as the peer sees it.</summary>
		public TimeSpan? JitterRemote => Duration.Known(_native.JitterRemoteUs);

		/// <summary>Since the peer told; null: it has not. Peers tell every 20 to 30 seconds.</summary>
		public TimeSpan? RemoteAge => Duration.Known(_native.RemoteAgeUs);

		/// <summary>Messages that have arrived and were not taken yet.</summary>
		public long UnreadMessages => _native.UnreadMessages;

		/// <summary>Their bytes.</summary>
		public long UnreadBytes => _native.UnreadBytes;

		/// <summary>Since the connection began.</summary>
		public ulong MessagesSent => _native.MessagesSent;

		/// <summary>Since the connection began.</summary>
		public ulong MessagesReceived => _native.MessagesReceived;

		/// <summary>Unreliable messages, of either side, that were given up before they were complete.</summary>
		public ulong MessagesDropped => _native.MessagesDropped;

		/// <summary>Our messages that were dropped unsent because their time to live was over.</summary>
		public ulong MessagesExpired => _native.MessagesExpired;

		/// <summary>Sequenced messages of the peer that came after a newer one, and were dropped.</summary>
		public ulong MessagesLate => _native.MessagesLate;

		/// <summary>Bytes of the largest packet that carries messages on this path, as it was found or begins with.</summary>
		public long PacketSize => _native.PacketSize;
	}

	/// <summary>How one lane of a connection fares now.</summary>
	public readonly struct LaneStatus
	{
		readonly NativeLaneStatus _native;

		internal LaneStatus(in NativeLaneStatus native)
		{
			_native = native;
		}

		/// <summary>Which one.</summary>
		public int Lane => _native.Lane;

		/// <summary>As of <see cref="ConnectionStatus"/>, of this lane.</summary>
		public long PendingReliable => _native.PendingReliable;

		/// <summary>As of <see cref="ConnectionStatus"/>, of this lane.</summary>
		public long PendingUnreliable => _native.PendingUnreliable;

		/// <summary>As of <see cref="ConnectionStatus"/>, of this lane.</summary>
		public long UnackedReliable => _native.UnackedReliable;

		/// <summary>Until a message sent on this lane now would leave.</summary>
		public TimeSpan QueueTime => Duration.Of(_native.QueueTimeUs);
	}
}
