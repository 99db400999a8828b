// A connection: its life, and what is known of it.
using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Threading;
using System.Threading.Tasks;
using Kith.Interop;

namespace Kith
{
	/// <summary>One conversation with one peer. Disposing closes it; what was sent may still leave.</summary>
	public sealed unsafe partial class Connection : IDisposable, IAsyncDisposable
	{
		readonly uint _handle;
		readonly Waiter _changed;
		volatile int _state = (int)ConnectionState.Connecting;
		volatile ConnectionEnd _end;
		volatile ConnectionInfo _last;
		volatile bool _closed;

		internal readonly Handlers Handlers;
		internal readonly Inbox Inbox;
		internal readonly Waiter Writable;
		internal volatile bool Answered;
		internal PollGroup Group;

		internal Connection(Endpoint endpoint, uint handle)
		{
			Endpoint = endpoint;
			_handle = handle;
			_changed = new Waiter(endpoint);
			Writable = new Waiter(endpoint);
			Handlers = new Handlers(endpoint);
			Inbox = new Inbox(Inbox.Kind.Connection, endpoint, handle);
		}

		internal uint Handle => _handle;

		/// <summary>Whose it is.</summary>
		public Endpoint Endpoint { get; }

		/// <summary>Its state, as of the last event that was taken.</summary>
		public ConnectionState State => (ConnectionState)_state;

		/// <summary>Whether it was closed here, by the peer, or by the network.</summary>
		public bool IsClosed => _closed || _end != null;

		/// <summary>How and why the peer or the network ended it; null: they did not.</summary>
		[MaybeNull]
		public ConnectionEnd End => _end;

		/// <summary>Its state changed.</summary>
		public event EventHandler<KithEvent> StateChanged
		{
			add { Handlers.Add((int)EventType.State, value); }
			remove { Handlers.Remove((int)EventType.State, value); }
		}

		/// <summary>Its data takes another way.</summary>
		public event EventHandler<KithEvent> RouteChanged
		{
			add { Handlers.Add((int)EventType.Route, value); }
			remove { Handlers.Remove((int)EventType.Route, value); }
		}

		/// <summary>Messages arrived since there were none left: receive until there are none.</summary>
		public event EventHandler<KithEvent> MessagesArrived
		{
			add { Handlers.Add((int)EventType.Readable, value); }
			remove { Handlers.Remove((int)EventType.Readable, value); }
		}

		/// <summary>There is room again, after sending answered <see cref="Result.Again"/>.</summary>
		public event EventHandler<KithEvent> RoomMade
		{
			add { Handlers.Add((int)EventType.Writable, value); }
			remove { Handlers.Remove((int)EventType.Writable, value); }
		}

		/// <summary>Messages were dropped unsent because their time to live was over.</summary>
		public event EventHandler<KithEvent> MessagesExpired
		{
			add { Handlers.Add((int)EventType.Expired, value); }
			remove { Handlers.Remove((int)EventType.Expired, value); }
		}

		/// <summary>Accepts an incoming connection.</summary>
		public void Accept()
		{
			Answered = true;
			Ok(Native.connection_accept(_handle));
		}

		/// <summary>Accepts an incoming connection, and waits until it is connected.</summary>
		public Task<Connection> AcceptAsync(CancellationToken cancellationToken = default)
		{
			Accept();
			return UntilConnected(cancellationToken);
		}

		/// <summary>Ends it, or refuses an incoming one. Closing one that has ended already is fine.</summary>
		/// <param name="reason">What the peer is told: 1000-2999; 0: <see cref="Reason.App"/>.</param>
		/// <param name="text">What the peer's log is told; null: nothing.</param>
		/// <param name="linger">In which what was sent may still leave; negative: as long as the options allow.</param>
		public void Close(int reason = 0, [AllowNull] string text = null, TimeSpan linger = default)
		{
			Answered = true;
			if (IsClosed)
				return;
			using (var scratch = new Scratch()) {
				int result = Native.connection_close(_handle, reason, scratch.Text(text), Duration.Microseconds(linger));
				if (result != (int)Result.Handle)
					Check.Ok(result);
			}
			EndHere();
		}

		bool HasUnacknowledged()
		{
			var status = new NativeStatus { StructSize = (uint)sizeof(NativeStatus) };
			return Native.connection_status(_handle, &status) == 0 && status.PendingReliable + status.UnackedReliable > 0;
		}

		/// <summary>Closes it; what was sent may still leave, as long as the endpoint lives.</summary>
		public void Dispose() => Close(0, null, TimeSpan.FromTicks(-1));

		/// <summary>The same.</summary>
		public ValueTask DisposeAsync()
		{
			Dispose();
			return default;
		}

		internal void EndHere()
		{
			_closed = true;
			Endpoint.Forget(this);
			Finish();
		}

		internal Connection AsConnected()
		{
			_state = (int)ConnectionState.Connected;
			return this;
		}

		/// <summary>What an event says of it. Of its end what was received and why are kept.</summary>
		internal void OnState(KithEvent happened)
		{
			_state = (int)happened.State;
			if (happened.State == ConnectionState.ClosedByPeer || happened.State == ConnectionState.ProblemDetectedLocally) {
				var native = new NativeDiagnosis { StructSize = (uint)sizeof(NativeDiagnosis) };
				int result = Native.connection_diagnosis(_handle, &native);
				_last = Told();
				_end = new ConnectionEnd(happened, result == 0 ? new Diagnosis(&native) : null);
				if (Group == null)
					Inbox.Rescue();
				else
					Group.Rescue(this);
				Endpoint.Forget(this);
				Finish();
			}
			_changed.Wake();
		}

		void Finish()
		{
			Inbox.End(_end);
			Writable.Wake();
			_changed.Wake();
		}

		/// <summary>
		/// Refuses what failed. What the peer or the network ended says how, also when the library has forgotten it.
		/// </summary>
		int Ok(int result)
		{
			bool isOver = result == (int)Result.Closed || result == (int)Result.Handle;
			if (isOver && _end != null && !Endpoint.IsDisposed)
				throw new ConnectionException(_end);
			return Check.Count(result);
		}

		/// <summary>What it is; of one that the peer or the network ended what it was then.</summary>
		public ConnectionInfo Info
		{
			get
			{
				ConnectionInfo told = _last ?? Told();
				return told ?? throw Check.Failure((int)Result.Handle);
			}
		}

		/// <summary>What the library tells of it; null: nothing any more.</summary>
		ConnectionInfo Told()
		{
			var native = new NativeInfo { StructSize = (uint)sizeof(NativeInfo) };
			return Native.connection_info(_handle, &native) == 0 ? new ConnectionInfo(Endpoint, &native) : null;
		}

		/// <summary>How it fares now.</summary>
		public ConnectionStatus Status
		{
			get
			{
				var native = new NativeStatus { StructSize = (uint)sizeof(NativeStatus) };
				Ok(Native.connection_status(_handle, &native));
				return new ConnectionStatus(native);
			}
		}

		/// <summary>How one of its lanes fares now.</summary>
		public LaneStatus LaneStatus(int lane)
		{
			var native = new NativeLaneStatus { StructSize = (uint)sizeof(NativeLaneStatus) };
			Ok(Native.connection_lane_status(_handle, lane, &native));
			return new LaneStatus(native);
		}

		/// <summary>How it has fared since it was made; throws when the peer has told nothing yet.</summary>
		public Statistics Statistics(Side side = Side.Local)
		{
			var native = new NativeStatistics { StructSize = (uint)sizeof(NativeStatistics) };
			Ok(Native.connection_statistics(_handle, (int)side, &native));
			return new Statistics(native);
		}

		/// <summary>What protects it.</summary>
		public Security Security
		{
			get
			{
				var native = new NativeSecurity { StructSize = (uint)sizeof(NativeSecurity) };
				Ok(Native.connection_security(_handle, &native));
				return new Security(&native);
			}
		}

		/// <summary>Why it failed, or how far it is.</summary>
		public Diagnosis Diagnose()
		{
			if (_end?.Diagnosis != null)
				return _end.Diagnosis;
			var native = new NativeDiagnosis { StructSize = (uint)sizeof(NativeDiagnosis) };
			Check.Ok(Native.connection_diagnosis(_handle, &native));
			return new Diagnosis(&native);
		}

		/// <summary>All that is known of it, many lines for people.</summary>
		public string Report(Hide hide = 0)
		{
			return Text.From((buffer, capacity, size) => Native.connection_report(_handle, (uint)hide, buffer, capacity, size));
		}

		/// <summary>The way its data takes, one line for people.</summary>
		public string Route(Hide hide = 0)
		{
			return Text.From((buffer, capacity, size) => Native.connection_route(_handle, (uint)hide, buffer, capacity, size));
		}

		/// <summary>Its options.</summary>
		public Config Config => new Config(_handle);

		/// <summary>Any number of the application's; comes with every event and message.</summary>
		public long UserData
		{
			get
			{
				long data;
				Ok(Native.connection_user_data(_handle, &data));
				return data;
			}
			set { Ok(Native.connection_set_user_data(_handle, value)); }
		}

		/// <summary>Names it, for logs and people; null: none.</summary>
		public void SetName([AllowNull] string name)
		{
			using (var scratch = new Scratch())
				Ok(Native.connection_set_name(_handle, scratch.Text(name)));
		}

		/// <summary>Puts it into a poll group, out of the one it was in; null: into none.</summary>
		public void SetPollGroup([AllowNull] PollGroup group)
		{
			Ok(Native.connection_set_poll_group(_handle, group == null ? 0 : group.Handle));
			Group = group;
		}
	}
}
