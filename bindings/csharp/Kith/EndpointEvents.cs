// Events: taking them, keeping the objects up to date, raising them.
using System;
using System.Diagnostics.CodeAnalysis;
using System.Threading;
using Kith.Interop;

namespace Kith
{
	public sealed unsafe partial class Endpoint
	{
		readonly LogQueue _log = new LogQueue();
		readonly object _pumping = new object();
		EventHandler<LogLine> _logReceived;
		bool _logThread;

		/// <summary>Every event, whatever its type; before the events of the type.</summary>
		public event EventHandler<KithEvent> EventOccurred
		{
			add { Handlers.Add(Handlers.Any, value); }
			remove { Handlers.Remove(Handlers.Any, value); }
		}

		/// <summary>
		/// A peer asks for a connection: answer with <see cref="Connection.Accept"/> or <see cref="Connection.Close"/>,
		/// here or later, or leave it to <see cref="Listener.AcceptAsync"/>.
		/// </summary>
		public event EventHandler<KithEvent> ConnectionRequested
		{
			add { Handlers.Add(Handlers.Requested, value); }
			remove { Handlers.Remove(Handlers.Requested, value); }
		}

		/// <summary>A connection went from one state to another; also a request.</summary>
		public event EventHandler<KithEvent> StateChanged
		{
			add { Handlers.Add((int)EventType.State, value); }
			remove { Handlers.Remove((int)EventType.State, value); }
		}

		/// <summary>Without a signaling: carry <see cref="KithEvent.Data"/> to the program of <see cref="KithEvent.Peer"/>.</summary>
		public event EventHandler<KithEvent> SignalReady
		{
			add { Handlers.Add((int)EventType.Signal, value); }
			remove { Handlers.Remove((int)EventType.Signal, value); }
		}

		/// <summary>How a signaling fares.</summary>
		public event EventHandler<KithEvent> SignalingStateChanged
		{
			add { Handlers.Add((int)EventType.SignalingState, value); }
			remove { Handlers.Remove((int)EventType.SignalingState, value); }
		}

		/// <summary>Something failed that belongs to no connection. What runs goes on.</summary>
		public event EventHandler<KithEvent> ErrorOccurred
		{
			add { Handlers.Add((int)EventType.Error, value); }
			remove { Handlers.Remove((int)EventType.Error, value); }
		}

		/// <summary>
		/// Users of TURN servers end soon: set others, <see cref="Option.P2pTurnUserList"/> and
		/// <see cref="Option.P2pTurnPassList"/>, of <see cref="KithEvent.Connection"/> or, that being null, of the endpoint.
		/// </summary>
		public event EventHandler<KithEvent> TurnCredentialsWanted
		{
			add { Handlers.Add((int)EventType.TurnCredentials, value); }
			remove { Handlers.Remove((int)EventType.TurnCredentials, value); }
		}

		/// <summary>
		/// A handler threw, on the pump's thread or that of the log. Without a handler here it is thrown on, as an
		/// unhandled exception of that thread. In poll mode exceptions come out of <see cref="Poll"/> instead.
		/// </summary>
		public event EventHandler<HandlerFailure> HandlerFailed;

		/// <summary>
		/// A line of log, on a thread of its own, or in poll mode inside <see cref="Poll"/> and
		/// <see cref="TryReadEvent"/>.
		/// </summary>
		public event EventHandler<LogLine> LogReceived
		{
			add
			{
				lock (_pumping) {
					_logReceived += value;
					StartLogThread();
				}
				Roots.Add();
			}
			remove
			{
				lock (_pumping)
					_logReceived -= value;
				Roots.Remove();
			}
		}

		/// <summary>Changes how much is logged, of every subject.</summary>
		public void SetLogLevel(LogLevel level)
		{
			_log.Attach(_handle, level);
			lock (_pumping)
				StartLogThread();
		}

		/// <summary>Changes how much is logged about one subject, after that of all was set.</summary>
		public void SetLogLevel(LogSubject subject, LogLevel level)
		{
			Check.Ok(Native.endpoint_set_log_level(_handle, (int)subject, (int)level));
		}

		void StartLogThread()
		{
			if (_logThread || !_log.IsUsed || _mode != EventMode.Pump || _logReceived == null)
				return;
			_logThread = true;
			_log.StartThread(this);
		}

		/// <summary>
		/// Raises the events that wait, at most so many, on this thread; for programs in <see cref="EventMode.Poll"/>.
		/// An exception of a handler comes out of here; the events behind it come with the next call.
		/// </summary>
		/// <returns>How many there were.</returns>
		public int Poll(int max = int.MaxValue)
		{
			RequirePolling();
			RaiseLogs();
			int count = 0;
			while (count < max && TakeAndRaise())
				count++;
			return count;
		}

		/// <summary>
		/// Takes one event without raising it, for programs in <see cref="EventMode.Poll"/> that rather switch over
		/// <see cref="KithEvent.Type"/> than have handlers.
		/// </summary>
		public bool TryReadEvent([MaybeNull] out KithEvent next)
		{
			RequirePolling();
			RaiseLogs();
			var native = new NativeEvent { StructSize = (uint)sizeof(NativeEvent) };
			next = null;
			if (!TakeEvent(&native))
				return false;
			Connection connection = Meet(native.Connection);
			next = new KithEvent(this, connection, &native);
			Apply(&native, connection, next);
			return true;
		}

		/// <summary>Waits until an event is there; false: the time was up. For <see cref="EventMode.Poll"/>.</summary>
		public bool Wait(TimeSpan timeout)
		{
			RequirePolling();
			int result = Native.endpoint_wait(_handle, Duration.Microseconds(timeout));
			if (result == (int)Result.Timeout || result == (int)Result.Interrupted)
				return false;
			Check.Ok(result);
			return true;
		}

		void RequirePolling()
		{
			if (IsDisposed)
				throw new KithException(Result.Handle, "the endpoint is disposed");
			if (_mode != EventMode.Poll)
				throw new InvalidOperationException("the event pump takes this endpoint's events: set EndpointOptions.Events to Poll");
		}

		/// <summary>All that waits, on the pump's thread.</summary>
		internal void Pump()
		{
			for (;;) {
				try {
					if (!TakeAndRaise())
						return;
				} catch (Exception failure) {
					Report(failure);
				}
			}
		}

		bool TakeEvent(NativeEvent* native)
		{
			int result = Native.endpoint_next_event(_handle, native);
			if (result == (int)Result.Again || result == (int)Result.Handle && IsDisposed)
				return false;
			Check.Ok(result);
			return true;
		}

		bool TakeAndRaise()
		{
			var native = new NativeEvent { StructSize = (uint)sizeof(NativeEvent) };
			if (!TakeEvent(&native))
				return false;
			Connection connection = Meet(native.Connection);
			KithEvent made = Wanted(&native, connection) ? new KithEvent(this, connection, &native) : null;
			Apply(&native, connection, made);
			if (made == null)
				return true;
			if (_context == null || _mode == EventMode.Poll)
				Raise(made);
			else
				_context.Post(state => Raise((KithEvent)state), made);
			return true;
		}

		static bool IsRequest(NativeEvent* native)
		{
			return native->Type == (int)EventType.State && native->Listener != 0 &&
				native->OldState == (int)ConnectionState.None && native->State == (int)ConnectionState.Connecting;
		}

		/// <summary>Messages and room come often; nothing is made of such an event that nobody wants to hear of.</summary>
		bool Wanted(NativeEvent* native, Connection connection)
		{
			return native->Type == (int)EventType.State || Handlers.Of(Handlers.Any) != null || Handlers.Of(native->Type) != null ||
				connection != null && connection.Handlers.Of(native->Type) != null;
		}

		/// <summary>Brings the objects up to date and wakes who waits.</summary>
		void Apply(NativeEvent* native, Connection connection, KithEvent made)
		{
			switch ((EventType)native->Type) {
			case EventType.State:
				if (IsRequest(native))
					connection.Group = FindListener(native->Listener)?.Group;
				connection.OnState(made);
				if (IsRequest(native))
					FindListener(native->Listener)?.OnRequest(connection);
				break;
			case EventType.Readable:
				if (connection != null)
					connection.Inbox.Readable.Wake();
				else
					FindPollGroup(native->PollGroup)?.Inbox.Readable.Wake();
				break;
			case EventType.Writable:
				connection?.Writable.Wake();
				break;
			case EventType.SessionWritable:
				Messages.Writable.Wake();
				break;
			case EventType.SessionFailed:
			case EventType.SessionEnded:
				Messages.Writable.Wake();
				break;
			case EventType.ChannelReadable:
				Messages.OnReadable(native->Channel);
				break;
			}
		}

		void Raise(KithEvent happened)
		{
			if (IsDisposed)
				return;
			int type = (int)happened.Type;
			Handlers.Of(Handlers.Any)?.Invoke(this, happened);
			if (happened.Type == EventType.State && happened.OldState == ConnectionState.None && happened.Listener != null)
				Handlers.Of(Handlers.Requested)?.Invoke(this, happened);
			Handlers.Of(type)?.Invoke(this, happened);
			happened.Connection?.Handlers.Of(type)?.Invoke(happened.Connection, happened);
		}

		void RaiseLogs()
		{
			LogLine line;
			while (_log.TryTake(out line))
				_logReceived?.Invoke(this, line);
		}

		internal void RaiseLog(LogLine line)
		{
			try {
				_logReceived?.Invoke(this, line);
			} catch (Exception failure) {
				Report(failure);
			}
		}

		void Report(Exception failure)
		{
			EventHandler<HandlerFailure> handlers = HandlerFailed;
			if (handlers == null)
				System.Runtime.ExceptionServices.ExceptionDispatchInfo.Capture(failure).Throw();
			else
				handlers(this, new HandlerFailure(failure));
		}
	}

	/// <summary>A handler of the program's threw.</summary>
	public sealed class HandlerFailure : EventArgs
	{
		internal HandlerFailure(Exception exception)
		{
			Exception = exception;
		}

		/// <summary>What it threw.</summary>
		public Exception Exception { get; }
	}
}
