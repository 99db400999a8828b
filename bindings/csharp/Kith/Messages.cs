// Messages to an identity, as with sendto, without connections to look after.
using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Kith.Interop;

namespace Kith
{
	/// <summary>
	/// Messages to an identity. A session with the peer appears on demand and goes away when it is not used; messages
	/// carry a channel, a number that programs agree on. A stranger who sends first is told by
	/// <see cref="SessionRequested"/>: accept, or just send to it.
	/// </summary>
	public sealed unsafe partial class Messages
	{
		readonly Endpoint _endpoint;
		readonly Dictionary<int, Inbox> _channels = new Dictionary<int, Inbox>();
		bool _ended;

		internal readonly Waiter Writable;

		internal Messages(Endpoint endpoint)
		{
			_endpoint = endpoint;
			Writable = new Waiter(endpoint);
		}

		/// <summary>A stranger sends messages: <see cref="Accept"/> it, send to it, or <see cref="Close"/> it.</summary>
		public event EventHandler<KithEvent> SessionRequested
		{
			add { _endpoint.Handlers.Add((int)EventType.SessionRequest, value); }
			remove { _endpoint.Handlers.Remove((int)EventType.SessionRequest, value); }
		}

		/// <summary>Messages flow between us and a peer.</summary>
		public event EventHandler<KithEvent> SessionConnected
		{
			add { _endpoint.Handlers.Add((int)EventType.SessionConnected, value); }
			remove { _endpoint.Handlers.Remove((int)EventType.SessionConnected, value); }
		}

		/// <summary>A session is over, and nothing was under way; the next message starts a new one.</summary>
		public event EventHandler<KithEvent> SessionEnded
		{
			add { _endpoint.Handlers.Add((int)EventType.SessionEnded, value); }
			remove { _endpoint.Handlers.Remove((int)EventType.SessionEnded, value); }
		}

		/// <summary>A session broke; sending fails until it is closed or sent to with <see cref="SendFlags.AutoRestart"/>.</summary>
		public event EventHandler<KithEvent> SessionFailed
		{
			add { _endpoint.Handlers.Add((int)EventType.SessionFailed, value); }
			remove { _endpoint.Handlers.Remove((int)EventType.SessionFailed, value); }
		}

		/// <summary>Messages arrived on a channel since it had none left.</summary>
		public event EventHandler<KithEvent> MessagesArrived
		{
			add { _endpoint.Handlers.Add((int)EventType.ChannelReadable, value); }
			remove { _endpoint.Handlers.Remove((int)EventType.ChannelReadable, value); }
		}

		/// <summary>Sends a copy of some bytes to a peer; makes the session if there is none.</summary>
		public void Send(Identity peer, ReadOnlySpan<byte> data, SendFlags flags = SendFlags.Reliable, int channel = 0)
		{
			Check.Ok(SendTo(peer, data, flags, channel));
		}

		/// <summary>The same; false: the session's send buffer is full.</summary>
		public bool TrySend(Identity peer, ReadOnlySpan<byte> data, SendFlags flags = SendFlags.Reliable, int channel = 0)
		{
			int result = SendTo(peer, data, flags, channel);
			if (result == (int)Result.Again)
				return false;
			Check.Ok(result);
			return true;
		}

		int SendTo(Identity peer, ReadOnlySpan<byte> data, SendFlags flags, int channel)
		{
			if (peer == null)
				throw new ArgumentNullException(nameof(peer));
			fixed (NativeIdentity* to = &peer.Native)
			fixed (byte* from = data)
				return Native.messages_send(_endpoint.Handle, to, channel, from, (UIntPtr)(uint)data.Length, (uint)flags);
		}

		/// <summary>Takes the next message of a channel, from whomever it is. False: there is none now.</summary>
		public bool TryReceive(int channel, out Message message) => Channel(channel).TryReceive(out message);

		/// <summary>Takes as many messages of a channel as there are, up to the room there is; 0: none now.</summary>
		public int Receive(int channel, Span<Message> messages) => Channel(channel).Receive(messages);

		/// <summary>Waits for the next message of a channel; <see cref="Message.Peer"/> says whose it is.</summary>
		public ValueTask<Message> ReceiveAsync(int channel = 0, CancellationToken cancellationToken = default)
		{
			return Channel(channel).ReceiveAsync(cancellationToken);
		}

		/// <summary>The messages of a channel as they come, until the endpoint is disposed.</summary>
		public IAsyncEnumerable<Message> ReceiveAllAsync(int channel = 0, CancellationToken cancellationToken = default)
		{
			return new MessageStream(Channel(channel), cancellationToken);
		}

		/// <summary>Accepts the session that a peer asks for.</summary>
		public void Accept(Identity peer)
		{
			using (var scratch = new Scratch())
				Check.Ok(Native.messages_accept(_endpoint.Handle, scratch.Identity(peer)));
		}

		/// <summary>Ends the session with a peer, refuses the one that it asks for, or forgets one that broke.</summary>
		/// <param name="peer">Whose.</param>
		/// <param name="linger">In which what was sent may still leave; negative: as long as the options allow.</param>
		public void Close(Identity peer, TimeSpan linger = default)
		{
			using (var scratch = new Scratch())
				Check.Ok(Native.messages_close(_endpoint.Handle, scratch.Identity(peer), Duration.Microseconds(linger)));
		}

		/// <summary>Ends the use of one channel with a peer; with the last one the session closes.</summary>
		public void CloseChannel(Identity peer, int channel)
		{
			using (var scratch = new Scratch())
				Check.Ok(Native.messages_close_channel(_endpoint.Handle, scratch.Identity(peer), channel));
		}

		/// <summary>Lets small messages to a peer leave that wait for company.</summary>
		public void Flush(Identity peer)
		{
			using (var scratch = new Scratch())
				Check.Ok(Native.messages_flush(_endpoint.Handle, scratch.Identity(peer)));
		}

		/// <summary>What the session with a peer is; of a broken one how it broke.</summary>
		public ConnectionInfo Info(Identity peer)
		{
			var native = new NativeInfo { StructSize = (uint)sizeof(NativeInfo) };
			using (var scratch = new Scratch())
				Check.Ok(Native.messages_info(_endpoint.Handle, scratch.Identity(peer), &native));
			return new ConnectionInfo(_endpoint, &native);
		}

		/// <summary>How the session with a peer fares now.</summary>
		public ConnectionStatus Status(Identity peer)
		{
			var native = new NativeStatus { StructSize = (uint)sizeof(NativeStatus) };
			using (var scratch = new Scratch())
				Check.Ok(Native.messages_status(_endpoint.Handle, scratch.Identity(peer), &native));
			return new ConnectionStatus(native);
		}

		/// <summary>What protects the session with a peer.</summary>
		public Security Security(Identity peer)
		{
			var native = new NativeSecurity { StructSize = (uint)sizeof(NativeSecurity) };
			using (var scratch = new Scratch())
				Check.Ok(Native.messages_security(_endpoint.Handle, scratch.Identity(peer), &native));
			return new Security(&native);
		}

		/// <summary>Why the session with a peer failed, or how far it is.</summary>
		public Diagnosis Diagnose(Identity peer)
		{
			var native = new NativeDiagnosis { StructSize = (uint)sizeof(NativeDiagnosis) };
			using (var scratch = new Scratch())
				Check.Ok(Native.messages_diagnosis(_endpoint.Handle, scratch.Identity(peer), &native));
			return new Diagnosis(&native);
		}

		Inbox Channel(int channel)
		{
			Inbox inbox;
			lock (_channels) {
				if (!_channels.TryGetValue(channel, out inbox)) {
					inbox = new Inbox(Inbox.Kind.Channel, _endpoint, _endpoint.Handle, channel);
					_channels[channel] = inbox;
					if (_ended)
						inbox.End(null);
				}
			}
			return inbox;
		}

		internal void OnReadable(int channel)
		{
			Inbox inbox;
			lock (_channels)
				_channels.TryGetValue(channel, out inbox);
			inbox?.Readable.Wake();
		}

		internal void EndHere()
		{
			List<Inbox> inboxes;
			lock (_channels) {
				_ended = true;
				inboxes = new List<Inbox>(_channels.Values);
			}
			foreach (Inbox inbox in inboxes)
				inbox.End(null);
			Writable.Wake();
		}
	}
}
