// Where messages are taken from: a connection, a poll group, or a channel of sessions.
using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Kith.Interop;

namespace Kith
{
	/// <summary>
	/// Takes messages from the library up to 64 at a time and hands them out one by one or many at once. What a
	/// connection received before it ended is taken out when it ends, and can be read for as long as one likes.
	/// </summary>
	internal sealed unsafe partial class Inbox
	{
		const int Step = 64;

		public enum Kind { Connection, PollGroup, Channel }

		readonly Kind _kind;
		readonly Endpoint _endpoint;
		readonly uint _handle;
		readonly int _channel;
		readonly Message[] _ready = new Message[Step];
		readonly Queue<Message> _late = new Queue<Message>();
		int _at, _count;
		ConnectionEnd _end;
		bool _ended, _planned;

		public readonly Waiter Readable;

		public Inbox(Kind kind, Endpoint endpoint, uint handle, int channel = 0)
		{
			_kind = kind;
			_endpoint = endpoint;
			_handle = handle;
			_channel = channel;
			Readable = new Waiter(endpoint);
		}

		/// <summary>Messages that nobody will take any more.</summary>
		~Inbox()
		{
			for (; _at < _count; _at++)
				_ready[_at].Dispose();
			while (_late.Count > 0)
				_late.Dequeue().Dispose();
		}

		/// <summary>Takes one. False: there is none now. Throws when there will be none any more.</summary>
		public bool TryReceive(out Message message) => TryReceive(out message, false);

		bool TryReceive(out Message message, bool patient)
		{
			lock (_ready) {
				if (_at == _count)
					Refill(patient);
				if (_at < _count) {
					message = _ready[_at];
					_ready[_at++] = default;
					return true;
				}
			}
			message = default;
			return false;
		}

		/// <summary>Takes as many as there are, up to the room there is; 0: none now.</summary>
		public int Receive(Span<Message> into)
		{
			int taken = 0;
			lock (_ready) {
				while (taken < into.Length && (_at < _count || _late.Count > 0)) {
					if (_at == _count)
						Refill(false);
					into[taken++] = _ready[_at];
					_ready[_at++] = default;
				}
				IntPtr* messages = stackalloc IntPtr[Step];
				while (taken < into.Length && !_ended) {
					int wanted = Math.Min(Step, into.Length - taken);
					int count = Take(messages, wanted);
					if (count <= 0) {
						if (taken == 0)
							Check.Count(count);
						break;
					}
					MessageOwner.Adopt(messages, into.Slice(taken, count), _endpoint);
					taken += count;
					if (count < wanted)
						break;
				}
				if (taken == 0 && _ended && into.Length > 0)
					ThrowEnd();
			}
			return taken;
		}

		public ValueTask<Message> ReceiveAsync(CancellationToken cancellationToken)
		{
			Message message;
			if (cancellationToken.IsCancellationRequested)
				return new ValueTask<Message>(Task.FromCanceled<Message>(cancellationToken));
			return HasReady && TryReceive(out message)
				? new ValueTask<Message>(message) : new ValueTask<Message>(WaitFor(cancellationToken));
		}

		public bool HasReady
		{
			get
			{
				lock (_ready)
					return _at < _count;
			}
		}

		/// <summary>Takes out what the library has, while it has it.</summary>
		public void Rescue()
		{
			lock (_ready) {
				IntPtr* messages = stackalloc IntPtr[Step];
				int count;
				while (!_ended && (count = Take(messages, Step)) > 0)
					for (int i = 0; i < count; i++)
						_late.Enqueue(MessageOwner.Adopt(messages[i], _endpoint));
			}
		}

		/// <summary>Messages of a member that ended are read here.</summary>
		public void TakeOver(IntPtr message)
		{
			lock (_ready)
				_late.Enqueue(MessageOwner.Adopt(message, _endpoint));
		}

		/// <summary>Nothing comes any more. How it ended; null: it was closed here.</summary>
		public void End(ConnectionEnd end)
		{
			lock (_ready) {
				if (_ended)
					return;
				_end = end;
				_planned = end == null || end.IsPlanned;
				_ended = true;
			}
			Readable.Wake();
		}

		bool EndedWell() => _ended && _planned && _late.Count == 0;

		void ThrowEnd()
		{
			if (_end != null)
				throw new ConnectionException(_end);
			throw new KithException(Result.Handle, "it was closed here");
		}

		/// <summary>Patient: if the library says that it ended, the event that tells how is waited for.</summary>
		void Refill(bool patient)
		{
			_at = _count = 0;
			while (_late.Count > 0 && _count < Step)
				_ready[_count++] = _late.Dequeue();
			if (_count > 0)
				return;
			if (_ended)
				ThrowEnd();
			IntPtr* messages = stackalloc IntPtr[Step];
			int count = Take(messages, Step);
			if (patient && _kind == Kind.Connection && (count == (int)Result.Closed || count == (int)Result.Handle))
				return;
			Check.Count(count);
			MessageOwner.Adopt(messages, new Span<Message>(_ready, 0, count), _endpoint);
			_count = count;
		}

		int Take(IntPtr* messages, int max)
		{
			switch (_kind) {
			case Kind.Connection:
				return Native.connection_receive(_handle, messages, max);
			case Kind.PollGroup:
				return Native.poll_group_receive(_handle, messages, max);
			default:
				return Native.messages_receive(_handle, _channel, messages, max);
			}
		}
	}
}
