// How a connection has fared since it was made.
using System;
using Kith.Interop;

namespace Kith
{
	/// <summary>How a connection has fared since it was made, and in the last seconds, as one end of it sees it.</summary>
	public readonly struct Statistics
	{
		readonly NativeStatistics _native;

		internal Statistics(in NativeStatistics native)
		{
			_native = native;
		}

		/// <summary>Whose they are.</summary>
		public Side Side => (Side)_native.Side;

		/// <summary>How old the rates, up to <see cref="Jitter"/>, are; null: the peer has not told.</summary>
		public TimeSpan? RatesAge => Duration.Known(_native.RatesAgeUs);

		/// <summary>Rate of this side.</summary>
		public double PacketsOutPerSecond => _native.OutPacketsPerSecond;

		/// <summary>Rate of this side.</summary>
		public double BytesOutPerSecond => _native.OutBytesPerSecond;

		/// <summary>Rate of this side.</summary>
		public double PacketsInPerSecond => _native.InPacketsPerSecond;

		/// <summary>Rate of this side.</summary>
		public double BytesInPerSecond => _native.InBytesPerSecond;

		/// <summary>Round trip; null: unknown, as everywhere here.</summary>
		public TimeSpan? Ping => Duration.Known(_native.PingUs);

		/// <summary>Part of the other end's packets that did not arrive, 0-1.</summary>
		public double? Loss => Duration.Known(_native.Loss);

		/// <summary>Part of them that were out of order, doubled or far too late.</summary>
		public double? Disorder => Duration.Known(_native.Disorder);

		/// <summary>The highest of the interval.</summary>
		public TimeSpan? Jitter => Duration.Known(_native.JitterUs);

		/// <summary>How old what follows is; null: the peer has not told.</summary>
		public TimeSpan? LifetimeAge => Duration.Known(_native.LifetimeAgeUs);

		/// <summary>Since it was connected; whole seconds.</summary>
		public TimeSpan? Connected => Duration.Known(_native.ConnectedUs);

		/// <summary>Since the connection began.</summary>
		public ulong PacketsSent => _native.PacketsSent;

		/// <summary>Since the connection began.</summary>
		public ulong BytesSent => _native.BytesSent;

		/// <summary>Since the connection began.</summary>
		public ulong PacketsReceived => _native.PacketsReceived;

		/// <summary>Since the connection began.</summary>
		public ulong BytesReceived => _native.BytesReceived;

		/// <summary>Received packets with a number, duplicates too.</summary>
		public ulong PacketsSequenced => _native.PacketsSequenced;

		/// <summary>Of the other end's packets: missing.</summary>
		public ulong PacketsLost => _native.PacketsLost;

		/// <summary>Of them: behind a later one.</summary>
		public ulong PacketsOutOfOrder => _native.PacketsOutOfOrder;

		/// <summary>The same, but put right before it mattered (a GNS peer counts so).</summary>
		public ulong PacketsOutOfOrderCorrected => _native.PacketsOutOfOrderCorrected;

		/// <summary>Come twice.</summary>
		public ulong PacketsDuplicate => _native.PacketsDuplicate;

		/// <summary>With a number that jumps, or far too late.</summary>
		public ulong PacketsLurch => _native.PacketsLurch;

		/// <summary>How many round trips took so long: <see cref="Names.OfBucket"/> says what each counts.</summary>
		public unsafe ulong[] PingHistogram()
		{
			fixed (ulong* from = _native.PingHistogram)
				return new ReadOnlySpan<ulong>(from, Native.PING_BUCKETS).ToArray();
		}

		/// <summary>How many intervals of five seconds were so good.</summary>
		public unsafe ulong[] QualityHistogram()
		{
			fixed (ulong* from = _native.QualityHistogram)
				return new ReadOnlySpan<ulong>(from, Native.QUALITY_BUCKETS).ToArray();
		}

		/// <summary>How many packets were so early or late.</summary>
		public unsafe ulong[] JitterHistogram()
		{
			fixed (ulong* from = _native.JitterHistogram)
				return new ReadOnlySpan<ulong>(from, Native.JITTER_BUCKETS).ToArray();
		}

		/// <summary>So long or less took 5, 50, 75, 95, 98 per cent of round trips; null: too few yet.</summary>
		public unsafe TimeSpan?[] PingPercentiles()
		{
			var times = new TimeSpan?[Native.PING_PERCENTILES];
			fixed (long* from = _native.PingPercentilesUs)
				for (int i = 0; i < times.Length; i++)
					times[i] = Duration.Known(from[i]);
			return times;
		}

		/// <summary>This good (0-1) or worse were 2, 5, 25, 50 per cent of the intervals; null: too few yet.</summary>
		public unsafe double?[] QualityPercentiles()
		{
			var parts = new double?[Native.QUALITY_PERCENTILES];
			fixed (double* from = _native.QualityPercentiles)
				for (int i = 0; i < parts.Length; i++)
					parts[i] = Duration.Known(from[i]);
			return parts;
		}
	}
}
