// Names and explanations of numbers, as the library that runs knows them: it may be newer than these enums.
using Kith.Interop;

namespace Kith
{
	/// <summary>Names and explanations of numbers, also of those that a newer library or a peer made up.</summary>
	public static unsafe class Names
	{
		/// <summary>E.g. "E_TOO_LARGE".</summary>
		public static string OfResult(int result) => Text.Read(Native.result_name(result));

		/// <summary>One line that explains a result.</summary>
		public static string TextOfResult(int result) => Text.Read(Native.result_text(result));

		/// <summary>E.g. "CONNECTED".</summary>
		public static string OfState(int state) => Text.Read(Native.state_name(state));

		/// <summary>E.g. "LAN".</summary>
		public static string OfRoute(int route) => Text.Read(Native.route_name(route));

		/// <summary>E.g. "TIMEOUT"; of numbers without a name that of their range, e.g. "APP".</summary>
		public static string OfReason(int reason) => Text.Read(Native.reason_name(reason));

		/// <summary>The result that fits an end reason.</summary>
		public static Result ResultOfReason(int reason) => (Result)Native.reason_result(reason);

		/// <summary>E.g. "READABLE".</summary>
		public static string OfEvent(int type) => Text.Read(Native.event_name(type));

		/// <summary>E.g. "NO_PATH".</summary>
		public static string OfStage(int stage) => Text.Read(Native.stage_name(stage));

		/// <summary>One line that explains a stage.</summary>
		public static string TextOfStage(int stage) => Text.Read(Native.stage_text(stage));

		/// <summary>E.g. "EXPIRED".</summary>
		public static string OfDoubt(int doubt) => Text.Read(Native.doubt_name(doubt));

		/// <summary>One line that says what a doubt is; empty for none.</summary>
		public static string TextOfDoubt(int doubt) => Text.Read(Native.doubt_text(doubt));

		/// <summary>E.g. "WARNING".</summary>
		public static string OfLogLevel(int level) => Text.Read(Native.log_name(level));

		/// <summary>E.g. "ICE".</summary>
		public static string OfLogSubject(int subject) => Text.Read(Native.subject_name(subject));

		/// <summary>What a bucket of a histogram stands for: "26-50 ms"; empty when there is no such bucket.</summary>
		public static string OfBucket(Histogram histogram, int bucket)
		{
			return Text.Read(Native.histogram_bucket((int)histogram, bucket));
		}
	}
}
