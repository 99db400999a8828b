// The library itself: its version, clock and constants.
using System;
using System.Collections.Generic;
using Kith.Interop;

namespace Kith
{
	/// <summary>The native library that runs.</summary>
	public static unsafe class Library
	{
		/// <summary>The largest message, in bytes.</summary>
		public const int MaxMessageSize = Native.MESSAGE_SIZE_MAX;

		/// <summary>The largest message of <see cref="Messages"/>, in bytes.</summary>
		public const int MaxSessionMessageSize = Native.MESSAGES_SIZE_MAX;

		/// <summary>The largest signal, in bytes.</summary>
		public const int MaxSignalSize = Native.SIGNAL_SIZE_MAX;

		/// <summary>The most lanes a connection can have.</summary>
		public const int MaxLanes = Native.LANES_MAX;

		/// <summary>The library's version.</summary>
		public static Version Version
		{
			get
			{
				int number = (int)Native.version();
				return new Version(number / 1000000, number / 1000 % 1000, number % 1000);
			}
		}

		/// <summary>The same as the library writes it.</summary>
		public static string VersionText => Text.Read(Native.version_text());

		/// <summary>The clock of all times of the library; where it began means nothing.</summary>
		public static TimeSpan Now => Duration.Of(Native.now_us());

		/// <summary>Every constant of the library that runs: names as in its C headers without "KITH_".</summary>
		public static IReadOnlyDictionary<string, long> Constants()
		{
			var constants = new Dictionary<string, long>();
			uint count = Native.constant_count();
			for (uint index = 0; index < count; index++) {
				byte* name;
				long value;
				Check.Ok(Native.constant_at(index, &name, &value));
				constants[Text.Read(name)] = value;
			}
			return constants;
		}
	}
}

namespace Kith.Interop
{
	/// <summary>Microseconds of the library, and times of .NET.</summary>
	internal static class Duration
	{
		const long TicksPerMicrosecond = TimeSpan.TicksPerMillisecond / 1000;
		static readonly DateTimeOffset s_epoch = new DateTimeOffset(1970, 1, 1, 0, 0, 0, TimeSpan.Zero);

		public static TimeSpan Of(long microseconds) => TimeSpan.FromTicks(microseconds * TicksPerMicrosecond);

		/// <summary>Null for what is not known, a negative number.</summary>
		public static TimeSpan? Known(long microseconds) => microseconds < 0 ? (TimeSpan?)null : Of(microseconds);

		/// <summary>Infinite, and every other negative time, is -1.</summary>
		public static long Microseconds(TimeSpan time)
		{
			return time < TimeSpan.Zero ? -1 : time.Ticks / TicksPerMicrosecond;
		}

		/// <summary>Null for 0.</summary>
		public static DateTimeOffset? Date(long microseconds)
		{
			return microseconds == 0 ? (DateTimeOffset?)null : s_epoch + Of(microseconds);
		}

		/// <summary>0 for null.</summary>
		public static long FromDate(DateTimeOffset? date)
		{
			return date == null ? 0 : (date.Value - s_epoch).Ticks / TicksPerMicrosecond;
		}

		/// <summary>Null for what is not known, a negative number.</summary>
		public static double? Known(double part) => part < 0 ? (double?)null : part;
	}
}
