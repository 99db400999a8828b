// Where peers may knock.
using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Kith.Interop;

namespace Kith
{
	/// <summary>A local address or virtual port where peers may knock. Disposing stops listening.</summary>
	public sealed unsafe partial class Listener : IDisposable
	{
		readonly Endpoint _endpoint;
		readonly Queue<Connection> _requests = new Queue<Connection>();
		readonly Waiter _knocked;
		volatile bool _closed;

		internal Listener(Endpoint endpoint, uint handle)
		{
			_endpoint = endpoint;
			Handle = handle;
			_knocked = new Waiter(endpoint);
		}

		internal uint Handle { get; }

		internal PollGroup Group;

		/// <summary>Its options.</summary>
		public Config Config => new Config(Handle);

		/// <summary>The address that it is bound to, with the port the system picked; of a virtual port this throws.</summary>
		public Address Address
		{
			get
			{
				NativeAddress address;
				Check.Ok(Native.listener_address(Handle, &address));
				return new Address(address);
			}
		}

		Connection NextRequest()
		{
			lock (_requests) {
				while (_requests.Count > 0) {
					Connection request = _requests.Dequeue();
					if (!request.Answered && !request.IsClosed)
						return request;
				}
			}
			return null;
		}

		internal void OnRequest(Connection connection)
		{
			lock (_requests) {
				while (_requests.Count > 0 && (_requests.Peek().Answered || _requests.Peek().IsClosed))
					_requests.Dequeue();
				_requests.Enqueue(connection);
			}
			_knocked.Wake();
		}

		internal void EndHere()
		{
			_closed = true;
			_endpoint.Forget(this);
			_knocked.Wake();
		}

		/// <summary>Stops listening. Connections that came through it live on.</summary>
		public void Close()
		{
			Check.Ok(Native.listener_close(Handle));
			EndHere();
		}

		/// <summary>Stops listening, if it does.</summary>
		public void Dispose()
		{
			Native.listener_close(Handle);
			EndHere();
		}
	}

	/// <summary>Connections whose messages are received together. Disposing ends it, not them.</summary>
	public sealed unsafe class PollGroup : IDisposable
	{
		readonly Endpoint _endpoint;

		internal PollGroup(Endpoint endpoint, uint handle)
		{
			_endpoint = endpoint;
			Handle = handle;
			Inbox = new Inbox(Inbox.Kind.PollGroup, endpoint, handle);
		}

		internal uint Handle { get; }

		internal Inbox Inbox { get; }

		/// <summary>Takes the next message of any member. False: there is none now.</summary>
		public bool TryReceive(out Message message) => Inbox.TryReceive(out message);

		/// <summary>Takes as many messages as there are, up to the room there is; 0: none now.</summary>
		public int Receive(Span<Message> messages) => Inbox.Receive(messages);

		/// <summary>Waits for the next message of any member.</summary>
		public ValueTask<Message> ReceiveAsync(CancellationToken cancellationToken = default)
		{
			return Inbox.ReceiveAsync(cancellationToken);
		}

		/// <summary>The messages of all members as they come, until the group ends.</summary>
		public IAsyncEnumerable<Message> ReceiveAllAsync(CancellationToken cancellationToken = default)
		{
			return new MessageStream(Inbox, cancellationToken);
		}

		/// <summary>Waits, on this thread, until a message can be received; false: the time was up.</summary>
		public bool Wait(TimeSpan timeout)
		{
			if (Inbox.HasReady)
				return true;
			int result = Native.poll_group_wait(Handle, Duration.Microseconds(timeout));
			if (result == (int)Result.Timeout || result == (int)Result.Interrupted)
				return false;
			Check.Ok(result);
			return true;
		}

		/// <summary>A descriptor, readable as long as a message can be received. Only watch it.</summary>
		public int Descriptor
		{
			get
			{
				int descriptor;
				Check.Ok(Native.poll_group_fd(Handle, &descriptor));
				return descriptor;
			}
		}

		/// <summary>What a member that ended had received is read here.</summary>
		internal void Rescue(Connection member)
		{
			IntPtr message;
			while (Native.connection_receive(member.Handle, &message, 1) == 1)
				Inbox.TakeOver(message);
			Inbox.Readable.Wake();
		}

		internal void EndHere()
		{
			_endpoint.Forget(this);
			Inbox.End(null);
		}

		/// <summary>Ends it. Its connections live on, outside of any.</summary>
		public void Close()
		{
			Check.Ok(Native.poll_group_destroy(Handle));
			EndHere();
		}

		/// <summary>Ends it, if it is there.</summary>
		public void Dispose()
		{
			Native.poll_group_destroy(Handle);
			EndHere();
		}
	}

	/// <summary>One way to carry rendezvous signals: a client of a signaling server.</summary>
	public sealed unsafe class Signaling : IDisposable
	{
		internal Signaling(uint handle)
		{
			Handle = handle;
		}

		internal uint Handle { get; }

		/// <summary>How it fares.</summary>
		public SignalingState State
		{
			get
			{
				int state;
				Check.Ok(Native.signaling_state(Handle, &state));
				return (SignalingState)state;
			}
		}

		/// <summary>Ends it; connections that are up are not touched.</summary>
		public void Close() => Check.Ok(Native.signaling_close(Handle));

		/// <summary>Ends it, if it is there.</summary>
		public void Dispose() => Native.signaling_close(Handle);
	}
}
