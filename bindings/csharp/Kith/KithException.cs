// What is thrown when a call of the library fails, and when a connection does.
using System;
using System.Diagnostics.CodeAnalysis;
using Kith.Interop;

namespace Kith
{
	/// <summary>A call failed: <see cref="Result"/> says how, the message says what exactly was wrong.</summary>
	public class KithException : Exception
	{
		/// <summary>Makes one, for programs that fail as the library does.</summary>
		public KithException(Result result, [AllowNull] string message = null)
			: base(string.IsNullOrEmpty(message) ? Names.TextOfResult((int)result) : message)
		{
			Result = result;
			HResult = (int)result;
		}

		/// <summary>How it failed.</summary>
		public Result Result { get; }
	}

	/// <summary>A connection ended, or never came about. The message says why.</summary>
	public sealed class ConnectionException : KithException
	{
		internal ConnectionException(ConnectionEnd end)
			: base(end.Result == Result.Ok ? Result.Closed : end.Result,
				end.Diagnosis != null && end.Diagnosis.Summary.Length > 0 ? end.Diagnosis.Summary : end.Text)
		{
			End = end;
		}

		/// <summary>How and why it ended.</summary>
		public ConnectionEnd End { get; }

		/// <summary>At which stage it failed.</summary>
		public Stage Stage => End.Stage;

		/// <summary>What was tried; null when nothing is known.</summary>
		[MaybeNull]
		public Diagnosis Diagnosis => End.Diagnosis;
	}
}

namespace Kith.Interop
{
	/// <summary>Results of the library become exceptions here, with the words of its last error.</summary>
	internal static unsafe class Check
	{
		public static void Ok(int result)
		{
			if (result < 0)
				throw Failure(result);
		}

		/// <summary>A count, or an exception.</summary>
		public static int Count(int result)
		{
			if (result < 0)
				throw Failure(result);
			return result;
		}

		/// <summary>The exception for what just failed on this thread.</summary>
		public static KithException Failure(int result)
		{
			// To have to wait is no failure that the library would write a text about.
			bool hasText = result != (int)Result.Again && result != (int)Result.Timeout;
			return new KithException((Result)result, hasText ? Text.Read(Native.last_error()) : Names.TextOfResult(result));
		}
	}
}
