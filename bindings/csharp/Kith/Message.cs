// Messages that were received: memory of the library, read where it lies.
using System;
using System.Diagnostics.CodeAnalysis;
using Kith.Interop;

namespace Kith
{
	/// <summary>
	/// A message that was received. Its bytes lie in memory of the library and are not copied: dispose it when you
	/// are done, and use neither <see cref="Span"/> nor <see cref="Memory"/> after that. Disposing twice does no harm,
	/// and what is asked of a disposed message throws. Copies of this struct are the same message.
	/// </summary>
	public readonly unsafe struct Message : IDisposable, IEquatable<Message>
	{
		readonly MessageOwner _owner;
		readonly int _version;

		internal Message(MessageOwner owner, int version)
		{
			_owner = owner;
			_version = version;
		}

		MessageOwner Owner
		{
			get
			{
				if (_owner == null || _owner.Version != _version)
					throw new ObjectDisposedException(nameof(Message));
				return _owner;
			}
		}

		/// <summary>Whether this is a message that was not disposed.</summary>
		public bool IsValid => _owner != null && _owner.Version == _version;

		/// <summary>Its bytes, until it is disposed.</summary>
		public ReadOnlySpan<byte> Span => Owner.GetSpan();

		/// <summary>Its bytes, until it is disposed, for asynchronous code.</summary>
		public ReadOnlyMemory<byte> Memory => Owner.Memory;

		/// <summary>How many bytes it has.</summary>
		public int Length => Owner.Length;

		/// <summary>A copy of its bytes.</summary>
		public byte[] ToArray() => Span.ToArray();

		/// <summary>How it travelled: <see cref="SendFlags.Reliable"/> and <see cref="SendFlags.Sequenced"/>.</summary>
		public SendFlags Flags => (SendFlags)Native.message_flags(Owner.Handle);

		/// <summary>Its lane.</summary>
		public int Lane => Native.message_lane(Owner.Handle);

		/// <summary>Its number: counted from 1 per lane and direction.</summary>
		public long Number => Native.message_number(Owner.Handle);

		/// <summary>Its channel, of a message of <see cref="Messages"/>; else 0.</summary>
		public int Channel => Native.message_channel(Owner.Handle);

		/// <summary>When it arrived complete, on the clock of <see cref="Library.Now"/>.</summary>
		public TimeSpan Time => Duration.Of(Native.message_time_us(Owner.Handle));

		/// <summary>The user data of its connection when it arrived, or what was set.</summary>
		public long UserData
		{
			get { return Native.message_user_data(Owner.Handle); }
			set { Native.message_set_user_data(Owner.Handle, value); }
		}

		/// <summary>The connection it came through; null: that is gone, or it came by <see cref="Messages"/>.</summary>
		[MaybeNull]
		public Connection Connection
		{
			get
			{
				MessageOwner owner = Owner;
				return owner.Endpoint?.FindConnection(Native.message_connection(owner.Handle));
			}
		}

		/// <summary>Who sent it, of messages of <see cref="Messages"/>; null of others: ask the connection.</summary>
		[MaybeNull]
		public Identity Peer
		{
			get
			{
				NativeIdentity peer;
				return Native.message_peer(Owner.Handle, &peer) == 0 ? new Identity(peer) : null;
			}
		}

		/// <summary>The same bytes once more, to be disposed by somebody else.</summary>
		public Message Share()
		{
			MessageOwner owner = Owner;
			return MessageOwner.Adopt(Native.message_ref(owner.Handle), owner.Endpoint);
		}

		/// <summary>Gives the memory back.</summary>
		public void Dispose() => _owner?.Release(_version);

		/// <summary>Gives back many at once.</summary>
		public static void DisposeAll(ReadOnlySpan<Message> messages) => MessageOwner.ReleaseAll(messages);

		internal bool TakeHandle(out IntPtr handle, out MessageOwner owner)
		{
			owner = _owner;
			handle = IntPtr.Zero;
			return owner != null && owner.TryTake(_version, out handle);
		}

		/// <summary>Whether both are the same message.</summary>
		public bool Equals(Message other) => _owner == other._owner && _version == other._version;

		/// <inheritdoc/>
		public override bool Equals([AllowNull] object obj) => obj is Message && Equals((Message)obj);

		/// <inheritdoc/>
		public override int GetHashCode() => _owner == null ? 0 : _owner.GetHashCode() ^ _version;

		/// <summary>Whether both are the same message.</summary>
		public static bool operator ==(Message left, Message right) => left.Equals(right);

		/// <summary>Whether they are not the same.</summary>
		public static bool operator !=(Message left, Message right) => !left.Equals(right);
	}
}
