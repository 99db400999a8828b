// A connection's messages: sending and receiving.
using System;
using System.Buffers;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Threading;
using System.Threading.Tasks;
using Kith.Interop;

namespace Kith
{
	/// <summary>One message of <see cref="Connection.SendBatch(ReadOnlySpan{OutgoingMessage})"/>.</summary>
	public struct OutgoingMessage
	{
		/// <summary>Its bytes.</summary>
		public ReadOnlyMemory<byte> Data { get; set; }

		/// <summary>How it is sent.</summary>
		public SendFlags Flags { get; set; }

		/// <summary>By which lane.</summary>
		public int Lane { get; set; }

		/// <summary>How long it may wait to be sent before it is dropped; zero: for ever.</summary>
		public TimeSpan TimeToLive { get; set; }
	}

	public sealed unsafe partial class Connection
	{
		const int BatchStep = 64;

		/// <summary>
		/// Sends a copy of some bytes as one message. Throws with <see cref="Result.Again"/> when the send buffer is full:
		/// use <see cref="TrySend"/> or <see cref="SendAsync"/> where that may be.
		/// </summary>
		/// <returns>The message's number, counted from 1 per lane.</returns>
		public long Send(ReadOnlySpan<byte> data, SendFlags flags = SendFlags.Reliable, int lane = 0)
		{
			long number;
			Ok(Send(data, flags, lane, &number));
			return number;
		}

		/// <summary>As <see cref="Send(ReadOnlySpan{byte}, SendFlags, int)"/>; false: the send buffer is full.</summary>
		public bool TrySend(ReadOnlySpan<byte> data, SendFlags flags = SendFlags.Reliable, int lane = 0)
		{
			int result = Send(data, flags, lane, null);
			if (result == (int)Result.Again)
				return false;
			Ok(result);
			return true;
		}

		int Send(ReadOnlySpan<byte> data, SendFlags flags, int lane, long* number)
		{
			fixed (byte* from = data)
				return Native.connection_send(_handle, from, (UIntPtr)(uint)data.Length, (uint)flags, lane, number);
		}

		/// <summary>Sends a copy of some bytes; waits while the send buffer is full.</summary>
		public ValueTask SendAsync(ReadOnlyMemory<byte> data, SendFlags flags = SendFlags.Reliable, int lane = 0,
			CancellationToken cancellationToken = default)
		{
			cancellationToken.ThrowIfCancellationRequested();
			return TrySend(data.Span, flags, lane) ? default : new ValueTask(SendWhenRoom(data, flags, lane, cancellationToken));
		}

		/// <summary>
		/// Sends a copy of some bytes that is dropped, with <see cref="MessagesExpired"/>, when it could not leave in this
		/// time; zero: it may wait for ever.
		/// </summary>
		/// <returns>The message's number, counted from 1 per lane.</returns>
		public long Send(ReadOnlySpan<byte> data, SendFlags flags, int lane, TimeSpan timeToLive)
		{
			using (var message = new SendBuffer(data) { Flags = flags, Lane = lane, TimeToLive = timeToLive })
				return Send(message);
		}

		/// <summary>Sends a message that was filled in place, without copying it; it is then disposed.</summary>
		public long Send(SendBuffer message)
		{
			if (message == null)
				throw new ArgumentNullException(nameof(message));
			long number;
			Ok(Native.connection_send_message(_handle, message.Handle, &number));
			message.Sent();
			return number;
		}

		/// <summary>Sends messages that were filled in place, in order until one is refused.</summary>
		/// <returns>How many were sent, the first ones; they are disposed. Throws when not even one was.</returns>
		public int Send(IReadOnlyList<SendBuffer> messages)
		{
			if (messages == null)
				throw new ArgumentNullException(nameof(messages));
			var handles = new IntPtr[messages.Count];
			for (int i = 0; i < handles.Length; i++)
				handles[i] = messages[i].Handle;
			int sent;
			fixed (IntPtr* from = handles)
				sent = Ok(Native.connection_send_messages(_handle, from, (UIntPtr)(uint)handles.Length));
			for (int i = 0; i < sent; i++)
				messages[i].Sent();
			return sent;
		}

		/// <summary>Sends copies of many messages with one call, in order until one is refused.</summary>
		/// <returns>How many were sent, the first ones. Throws when not even one was.</returns>
		public int SendBatch(ReadOnlySpan<OutgoingMessage> messages)
		{
			int sent = 0;
			NativeOutgoing* outgoing = stackalloc NativeOutgoing[BatchStep];
			var pins = ArrayPool<MemoryHandle>.Shared.Rent(BatchStep);
			try {
				while (sent < messages.Length || sent == 0) {
					int count = Math.Min(BatchStep, messages.Length - sent);
					for (int i = 0; i < count; i++)
						outgoing[i] = Pin(messages[sent + i], out pins[i]);
					int done = Native.connection_send_batch(_handle, outgoing, (UIntPtr)(uint)count);
					for (int i = 0; i < count; i++)
						pins[i].Dispose();
					if (done < 0 && sent == 0)
						Ok(done);
					sent += Math.Max(done, 0);
					if (done < count || count == 0)
						break;
				}
			} finally {
				ArrayPool<MemoryHandle>.Shared.Return(pins);
			}
			return sent;
		}

		static NativeOutgoing Pin(in OutgoingMessage message, out MemoryHandle pin)
		{
			pin = message.Data.Pin();
			return new NativeOutgoing {
				Data = pin.Pointer, Size = (UIntPtr)(uint)message.Data.Length, Flags = (uint)message.Flags,
				Lane = message.Lane, TtlUs = Duration.Microseconds(message.TimeToLive),
			};
		}

		/// <summary>
		/// Sends the pieces of one buffer, one behind the other and of one size, as messages; the last may be shorter.
		/// The way to send many small ones that costs least.
		/// </summary>
		/// <returns>How many were sent, the first ones. Throws when not even one was.</returns>
		public int SendBatch(ReadOnlySpan<byte> data, int size, SendFlags flags = SendFlags.Reliable, int lane = 0)
		{
			if (size <= 0)
				throw new ArgumentOutOfRangeException(nameof(size));
			int sent = 0, total = (data.Length + size - 1) / size;
			NativeOutgoing* outgoing = stackalloc NativeOutgoing[BatchStep];
			fixed (byte* from = data) {
				while (sent < total) {
					int count = Math.Min(BatchStep, total - sent);
					for (int i = 0; i < count; i++) {
						int at = (sent + i) * size;
						outgoing[i] = new NativeOutgoing {
							Data = from + at, Size = (UIntPtr)(uint)Math.Min(size, data.Length - at), Flags = (uint)flags, Lane = lane,
						};
					}
					int done = Native.connection_send_batch(_handle, outgoing, (UIntPtr)(uint)count);
					if (done < 0 && sent == 0)
						Ok(done);
					sent += Math.Max(done, 0);
					if (done < count)
						break;
				}
			}
			return sent;
		}

		/// <summary>Lets small messages leave that wait for company.</summary>
		public void Flush() => Ok(Native.connection_flush(_handle));

		/// <summary>Divides what is sent into lanes, each ordered on its own. They can be added, not taken away.</summary>
		/// <param name="count">1 to <see cref="Library.MaxLanes"/>.</param>
		/// <param name="priorities">Lanes with a lower number go first; empty: all equal.</param>
		/// <param name="weights">Shares of lanes with the same priority; empty: all equal.</param>
		public void SetLanes(int count, ReadOnlySpan<int> priorities = default, ReadOnlySpan<ushort> weights = default)
		{
			if (!priorities.IsEmpty && priorities.Length != count || !weights.IsEmpty && weights.Length != count)
				throw new ArgumentException("as many priorities and weights as lanes, or none");
			fixed (int* first = priorities)
			fixed (ushort* second = weights)
				Ok(Native.connection_set_lanes(_handle, count, first, second));
		}

		/// <summary>
		/// Takes the next message. False: there is none now. Throws a <see cref="ConnectionException"/> when it ended and
		/// all was read.
		/// </summary>
		public bool TryReceive(out Message message) => Inbox.TryReceive(out message);

		/// <summary>Takes as many messages as there are, up to the room there is; 0: none now.</summary>
		public int Receive(Span<Message> messages) => Inbox.Receive(messages);

		/// <summary>Waits for the next message. Dispose it when you are done with it.</summary>
		public ValueTask<Message> ReceiveAsync(CancellationToken cancellationToken = default)
		{
			return Inbox.ReceiveAsync(cancellationToken);
		}

		/// <summary>
		/// The messages as they come; ends when the connection is closed as planned, and throws a
		/// <see cref="ConnectionException"/> when it broke. Dispose each one.
		/// </summary>
		public IAsyncEnumerable<Message> ReceiveAllAsync(CancellationToken cancellationToken = default)
		{
			return new MessageStream(Inbox, cancellationToken);
		}
	}
}
