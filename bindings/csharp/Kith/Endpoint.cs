// An endpoint: one identity on the network.
using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Threading;
using System.Threading.Tasks;
using Kith.Interop;

namespace Kith
{
	/// <summary>
	/// One identity on the network. It works on a thread of the library, whether or not the program calls
	/// anything. Every member may be used from every thread and from inside every handler. Disposing closes all that
	/// belongs to it.
	/// </summary>
	public sealed unsafe partial class Endpoint : IDisposable, IAsyncDisposable
	{
		readonly uint _handle;
		readonly EventMode _mode;
		readonly SynchronizationContext _context;
		readonly Dictionary<uint, Connection> _connections = new Dictionary<uint, Connection>();
		readonly Dictionary<uint, Listener> _listeners = new Dictionary<uint, Listener>();
		readonly Dictionary<uint, PollGroup> _groups = new Dictionary<uint, PollGroup>();
		readonly Dictionary<uint, Signaling> _signalings = new Dictionary<uint, Signaling>();
		int _disposed;

		internal readonly Roots Roots;
		internal readonly Handlers Handlers;

		/// <summary>Makes one. No socket is opened yet.</summary>
		public Endpoint([AllowNull] EndpointOptions options = null)
		{
			options = options ?? new EndpointOptions();
			_mode = options.Events;
			_context = options.EventContext;
			Roots = new Roots(this);
			Handlers = new Handlers(this);
			uint handle;
			using (var scratch = new Scratch())
				Check.Ok(Native.endpoint_create(EndpointOptions.Write(options, scratch, _log), &handle));
			_handle = handle;
			Messages = new Messages(this);
			Trust = new Trust(handle);
			if (_mode == EventMode.Pump)
				EventPump.Start(this, handle);
		}

		/// <summary>Ends one that was forgotten.</summary>
		~Endpoint()
		{
			if (_handle != 0)
				Native.endpoint_destroy(_handle);
		}

		internal uint Handle => _handle;

		internal bool IsDisposed => Volatile.Read(ref _disposed) != 0;

		/// <summary>Who it is.</summary>
		public Identity Identity
		{
			get
			{
				NativeIdentity identity;
				Check.Ok(Native.endpoint_identity(_handle, &identity));
				return new Identity(identity);
			}
		}

		/// <summary>Its public key.</summary>
		public PublicKey PublicKey
		{
			get
			{
				var key = new byte[PublicKey.Size];
				fixed (byte* to = key)
					Check.Ok(Native.endpoint_public_key(_handle, to));
				return new PublicKey(key);
			}
		}

		/// <summary>Its options.</summary>
		public Config Config => new Config(_handle);

		/// <summary>Messages to an identity, without connections.</summary>
		public Messages Messages { get; }

		/// <summary>Whom it believes.</summary>
		public Trust Trust { get; }

		/// <summary>The certificate that it presents, perhaps unsigned.</summary>
		public Certificate Certificate
		{
			get
			{
				var native = new NativeCertificate { StructSize = (uint)sizeof(NativeCertificate) };
				Check.Ok(Native.endpoint_certificate(_handle, &native));
				return new Certificate(&native);
			}
		}

		/// <summary>
		/// Sets the certificate that it presents, with those of authorities between its signer and a root; empty: none.
		/// New connections present it. With a key it changes that too.
		/// </summary>
		public void SetCertificate(ReadOnlySpan<byte> certificate, [AllowNull] PrivateKey key = null)
		{
			using (var scratch = new Scratch())
			fixed (byte* from = certificate)
				Check.Ok(Native.endpoint_set_certificate(_handle, key == null ? null : scratch.Bytes(key.Bytes), from,
					(UIntPtr)(uint)certificate.Length));
		}

		/// <summary>A descriptor for poll and epoll, readable as long as an event waits. Only watch it.</summary>
		public int Descriptor
		{
			get
			{
				int descriptor;
				Check.Ok(Native.endpoint_fd(_handle, &descriptor));
				return descriptor;
			}
		}

		/// <summary>Adds a STUN server, "HOST:PORT", for connections made from now on.</summary>
		public void AddStunServer(string server)
		{
			using (var scratch = new Scratch())
				Check.Ok(Native.endpoint_add_stun_server(_handle, scratch.Text(server)));
		}

		/// <summary>Adds a TURN server, "turn:HOST:PORT", for connections made from now on.</summary>
		public void AddTurnServer(string server, [AllowNull] string user = null, [AllowNull] string password = null)
		{
			using (var scratch = new Scratch())
				Check.Ok(Native.endpoint_add_turn_server(_handle, scratch.Text(server), scratch.Text(user), scratch.Text(password)));
		}

		/// <summary>Opens a signaling client, "tcp://HOST[:PORT]", and returns at once.</summary>
		public Signaling OpenSignaling(string url)
		{
			uint handle;
			using (var scratch = new Scratch())
				Check.Ok(Native.signaling_open(_handle, scratch.Text(url), &handle));
			var signaling = new Signaling(handle);
			lock (_signalings)
				_signalings[handle] = signaling;
			return signaling;
		}

		/// <summary>
		/// Takes in a signal that a peer sent over a channel of the program's; see <see cref="SignalReady"/>. Whatever it
		/// contains, the worst that happens is that it is dropped.
		/// </summary>
		public void ReceiveSignal(ReadOnlySpan<byte> signal, [AllowNull] Signaling by = null)
		{
			fixed (byte* from = signal)
				Check.Ok(Native.endpoint_receive_signal(_handle, by == null ? 0 : by.Handle, from, (UIntPtr)(uint)signal.Length));
		}

		/// <summary>Makes a poll group: connections whose messages are received together.</summary>
		public PollGroup CreatePollGroup()
		{
			uint handle;
			Check.Ok(Native.poll_group_create(_handle, &handle));
			var group = new PollGroup(this, handle);
			lock (_groups)
				_groups[handle] = group;
			return group;
		}

		/// <summary>Closes all that belongs to it, and itself. Peers are told; nothing lingers.</summary>
		public void Dispose()
		{
			if (Interlocked.Exchange(ref _disposed, 1) != 0)
				return;
			Native.endpoint_destroy(_handle);
			GC.SuppressFinalize(this);
			foreach (Connection connection in Snapshot(_connections))
				connection.EndHere();
			foreach (Listener listener in Snapshot(_listeners))
				listener.EndHere();
			foreach (PollGroup group in Snapshot(_groups))
				group.EndHere();
			Messages.EndHere();
			Roots.End();
		}

		/// <summary>The same, on another thread: it may take a moment.</summary>
		public ValueTask DisposeAsync() => new ValueTask(Task.Run((Action)Dispose));

		static List<T> Snapshot<T>(Dictionary<uint, T> objects)
		{
			lock (objects)
				return new List<T>(objects.Values);
		}

		internal void Forget(Connection connection)
		{
			lock (_connections)
				_connections.Remove(connection.Handle);
		}

		internal void Forget(Listener listener)
		{
			lock (_listeners)
				_listeners.Remove(listener.Handle);
		}

		internal void Forget(PollGroup group)
		{
			lock (_groups)
				_groups.Remove(group.Handle);
		}

		internal Connection FindConnection(uint handle) => Find(_connections, handle);

		internal Listener FindListener(uint handle) => Find(_listeners, handle);

		internal PollGroup FindPollGroup(uint handle) => Find(_groups, handle);

		internal Signaling FindSignaling(uint handle) => Find(_signalings, handle);

		static T Find<T>(Dictionary<uint, T> objects, uint handle) where T : class
		{
			T found;
			if (handle == 0)
				return null;
			lock (objects)
				objects.TryGetValue(handle, out found);
			return found;
		}
	}
}
