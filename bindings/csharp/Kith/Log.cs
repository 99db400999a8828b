// Lines of log, on their way from the library's threads to the program's.
using System;
using System.Threading;
using Kith.Interop;

namespace Kith
{
	/// <summary>A line of log.</summary>
	public sealed class LogLine : EventArgs
	{
		internal LogLine(LogSubject subject, LogLevel level, string text, int lost)
		{
			Subject = subject;
			Level = level;
			Text = text;
			Lost = lost;
		}

		/// <summary>What it is about.</summary>
		public LogSubject Subject { get; }

		/// <summary>How much it matters.</summary>
		public LogLevel Level { get; }

		/// <summary>The line.</summary>
		public string Text { get; }

		/// <summary>How many lines were lost since the one before, because nobody took them.</summary>
		public int Lost { get; }

		/// <summary>Subject, level and text.</summary>
		public override string ToString() => $"{Names.OfLogSubject((int)Subject)} {Names.OfLogLevel((int)Level)}: {Text}";
	}

	/// <summary>
	/// The native queue that an endpoint logs into. In pump mode a thread waits for lines; in poll mode they are
	/// taken with the events.
	/// </summary>
	internal sealed unsafe class LogQueue
	{
		readonly void* _queue;
		volatile bool _used;

		/// <summary>Whether an endpoint logs here; it does then until it ends, whatever its level.</summary>
		public bool IsUsed => _used;

		public LogQueue()
		{
			_queue = Native.log_queue_new();
			if (_queue == null)
				throw new OutOfMemoryException();
		}

		~LogQueue()
		{
			Native.log_queue_release(_queue);
		}

		/// <summary>Lets an endpoint that is about to be made log into it.</summary>
		public void Write(NativeEndpointOptions* options, LogLevel level)
		{
			options->Log = (IntPtr)Native.log_queue_function();
			options->LogRelease = (IntPtr)Native.log_queue_release_function();
			options->LogUserData = Native.log_queue_ref(_queue);
			options->LogLevel = (int)level;
			_used = true;
		}

		public void Attach(uint endpoint, LogLevel level)
		{
			Check.Ok(Native.log_queue_attach(_queue, endpoint, (int)level));
			_used = true;
			GC.KeepAlive(this);
		}

		public bool TryTake(out LogLine line)
		{
			const int most = 4096;
			int subject, level, lost;
			byte* text = stackalloc byte[most];
			int there = Native.log_queue_next(_queue, &subject, &level, &lost, text, (UIntPtr)most);
			line = there == 0 ? null : new LogLine((LogSubject)subject, (LogLevel)level, Interop.Text.Read(text), lost);
			GC.KeepAlive(this);
			return there != 0;
		}

		/// <summary>Raises lines on a thread of its own until no endpoint logs here any more.</summary>
		public void StartThread(Endpoint endpoint)
		{
			var weak = new WeakReference<Endpoint>(endpoint);
			var thread = new Thread(() => {
				while (Native.log_queue_wait(_queue) != 0)
					Serve(weak);
				GC.KeepAlive(this);
			}) { IsBackground = true, Name = "Kith log" };
			thread.Start();
		}

		void Serve(WeakReference<Endpoint> weak)
		{
			Endpoint endpoint;
			LogLine line;
			while (TryTake(out line))
				if (weak.TryGetTarget(out endpoint))
					endpoint.RaiseLog(line);
		}
	}
}
