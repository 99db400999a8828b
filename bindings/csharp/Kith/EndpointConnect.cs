// Listening and connecting.
using System;
using System.Diagnostics.CodeAnalysis;
using System.Threading;
using System.Threading.Tasks;
using Kith.Interop;

namespace Kith
{
	public sealed unsafe partial class Endpoint
	{
		/// <summary>Listens on a UDP address; port 0: the system picks one, see <see cref="Listener.Address"/>.</summary>
		public Listener Listen(Address address, [AllowNull] ListenerOptions options = null)
		{
			uint handle;
			NativeAddress at = address.Native;
			lock (_listeners) {
				using (var scratch = new Scratch())
					Check.Ok(Native.endpoint_listen_address(_handle, &at, ListenerOptions.Write(options, scratch), &handle));
				return Add(new Listener(this, handle) { Group = options?.PollGroup });
			}
		}

		/// <summary>Listens on a UDP address, "127.0.0.1:0"; see <see cref="Kith.Address.Parse"/>.</summary>
		public Listener Listen(string address, [AllowNull] ListenerOptions options = null)
		{
			return Listen(Address.Parse(address), options);
		}

		/// <summary>Listens for calls of peers to this identity, on a virtual port that programs agree on.</summary>
		public Listener ListenPort(int virtualPort, [AllowNull] ListenerOptions options = null)
		{
			uint handle;
			lock (_listeners) {
				using (var scratch = new Scratch())
					Check.Ok(Native.endpoint_listen_port(_handle, virtualPort, ListenerOptions.Write(options, scratch), &handle));
				return Add(new Listener(this, handle) { Group = options?.PollGroup });
			}
		}

		Listener Add(Listener listener)
		{
			_listeners[listener.Handle] = listener;
			return listener;
		}

		/// <summary>Begins to connect to a UDP address and returns at once.</summary>
		public Connection Connect(Address address, [AllowNull] ConnectionOptions options = null)
		{
			uint handle;
			NativeAddress to = address.Native;
			lock (_connections) {
				using (var scratch = new Scratch())
					Check.Ok(Native.endpoint_connect_address(_handle, &to, ConnectionOptions.Write(options, scratch), &handle));
				return Add(handle, options?.PollGroup);
			}
		}

		/// <summary>
		/// Begins to connect to a peer wherever it is, by signals, and returns at once. With
		/// <see cref="ConnectionOptions.Symmetric"/>, when the peer's call is already here, this is that connection.
		/// </summary>
		public Connection Connect(Identity peer, [AllowNull] ConnectionOptions options = null)
		{
			uint handle;
			lock (_connections) {
				using (var scratch = new Scratch())
					Check.Ok(Native.endpoint_connect_identity(_handle, scratch.Identity(peer),
						ConnectionOptions.Write(options, scratch), &handle));
				return Add(handle, options?.PollGroup);
			}
		}

		/// <summary>
		/// Connects to a UDP address. Throws a <see cref="ConnectionException"/> that says why when it does not work;
		/// when cancelled, the connection is closed.
		/// </summary>
		public Task<Connection> ConnectAsync(Address address, [AllowNull] ConnectionOptions options = null,
			CancellationToken cancellationToken = default)
		{
			cancellationToken.ThrowIfCancellationRequested();
			return Connect(address, options).UntilConnected(cancellationToken);
		}

		/// <summary>Connects to a peer wherever it is; as the other.</summary>
		public Task<Connection> ConnectAsync(Identity peer, [AllowNull] ConnectionOptions options = null,
			CancellationToken cancellationToken = default)
		{
			cancellationToken.ThrowIfCancellationRequested();
			return Connect(peer, options).UntilConnected(cancellationToken);
		}

		/// <summary>
		/// Makes two connected connections that talk to each other, in memory or by sockets of this machine; of two
		/// endpoints or of one.
		/// </summary>
		public static ConnectionPair CreatePair(Endpoint first, Endpoint second, [AllowNull] PairOptions options = null)
		{
			if (first == null || second == null)
				throw new ArgumentNullException(first == null ? nameof(first) : nameof(second));
			uint one, two;
			using (var scratch = new Scratch())
				Check.Ok(Native.endpoint_pair(first._handle, second._handle, PairOptions.Write(options, scratch), &one, &two));
			lock (first._connections)
				first.Add(one, options?.First?.PollGroup);
			lock (second._connections)
				second.Add(two, options?.Second?.PollGroup);
			return new ConnectionPair(first.FindConnection(one).AsConnected(), second.FindConnection(two).AsConnected());
		}

		/// <summary>The object of a handle, which may be there already; with the lock of the table held.</summary>
		Connection Add(uint handle, PollGroup group)
		{
			Connection connection;
			if (!_connections.TryGetValue(handle, out connection)) {
				connection = new Connection(this, handle) { Group = group };
				_connections[handle] = connection;
			}
			return connection;
		}

		/// <summary>The object of a connection in an event. Of the pair, events may come before it is known.</summary>
		Connection Meet(uint handle)
		{
			if (handle == 0)
				return null;
			lock (_connections)
				return Add(handle, null);
		}
	}
}
