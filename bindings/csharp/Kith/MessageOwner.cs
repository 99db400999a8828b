// What stands behind a Message: one native reference, in an object that is used again and again.
using System;
using System.Buffers;
using System.Threading;
using Kith.Interop;

namespace Kith
{
	/// <summary>
	/// Owns one native message. It goes back into the pool when that is released, and its version, which each
	/// <see cref="Message"/> remembers, moves on: an old one is then not valid any more. It has no finalizer,
	/// which could free memory that a span, unseen by the garbage collector, still points to.
	/// </summary>
	internal sealed unsafe class MessageOwner : MemoryManager<byte>
	{
		const int Most = 1024;

		static readonly MessageOwner[] s_free = new MessageOwner[Most];
		static int s_count;

		IntPtr _message;
		void* _data;
		int _size;
		int _version;

		public Endpoint Endpoint;

		public int Version => Volatile.Read(ref _version);
		public IntPtr Handle => _message;
		public int Length => _size;

		MessageOwner()
		{
		}

		public override Span<byte> GetSpan() => new Span<byte>(_data, _size);

		public override MemoryHandle Pin(int elementIndex = 0) => new MemoryHandle((byte*)_data + elementIndex, default, this);

		public override void Unpin()
		{
		}

		/// <summary>Takes a reference of the library's.</summary>
		public static Message Adopt(IntPtr message, Endpoint endpoint)
		{
			lock (s_free)
				return AdoptLocked(message, endpoint);
		}

		/// <summary>Takes as many references as there is room for.</summary>
		public static void Adopt(IntPtr* messages, Span<Message> into, Endpoint endpoint)
		{
			lock (s_free) {
				for (int i = 0; i < into.Length; i++)
					into[i] = AdoptLocked(messages[i], endpoint);
			}
		}

		static Message AdoptLocked(IntPtr message, Endpoint endpoint)
		{
			MessageOwner owner = s_count > 0 ? s_free[--s_count] : new MessageOwner();
			owner._message = message;
			owner._data = Native.message_data(message);
			owner._size = (int)Native.message_size(message);
			owner.Endpoint = endpoint;
			return new Message(owner, owner._version);
		}

		/// <summary>Takes the reference out of a message that is still of this version; it is then disposed.</summary>
		public bool TryTake(int version, out IntPtr message)
		{
			message = IntPtr.Zero;
			if (Interlocked.CompareExchange(ref _version, unchecked(version + 1), version) != version)
				return false;
			message = _message;
			_message = IntPtr.Zero;
			_data = null;
			_size = 0;
			Endpoint = null;
			return true;
		}

		public void Release(int version)
		{
			IntPtr message;
			if (!TryTake(version, out message))
				return;
			Native.message_release(message);
			lock (s_free)
				if (s_count < Most)
					s_free[s_count++] = this;
		}

		public static void ReleaseAll(ReadOnlySpan<Message> messages)
		{
			const int step = 64;
			IntPtr* handles = stackalloc IntPtr[step];
			for (int from = 0; from < messages.Length; from += step) {
				int count = 0, end = Math.Min(from + step, messages.Length);
				lock (s_free) {
					for (int i = from; i < end; i++) {
						MessageOwner owner;
						if (!messages[i].TakeHandle(out handles[count], out owner))
							continue;
						count++;
						if (s_count < Most)
							s_free[s_count++] = owner;
					}
				}
				Native.message_release_batch(handles, (UIntPtr)(uint)count);
			}
		}

		protected override void Dispose(bool disposing)
		{
			Release(_version);
		}
	}
}
