// A message in memory of the library, filled in place.
using System;
using Kith.Interop;

namespace Kith
{
	/// <summary>A message to be sent, in memory of the library: filled in place and sent without a copy.</summary>
	public sealed unsafe class SendBuffer : IDisposable
	{
		IntPtr _message;

		/// <summary>One of so many bytes, all zero.</summary>
		public SendBuffer(int size)
		{
			IntPtr message;
			Check.Ok(Native.message_new(null, (UIntPtr)(uint)size, &message));
			_message = message;
			Flags = SendFlags.Reliable;
		}

		/// <summary>One that begins as a copy.</summary>
		public SendBuffer(ReadOnlySpan<byte> data)
			: this(data.Length)
		{
			data.CopyTo(Span);
		}

		/// <summary>Gives back the memory of one that was forgotten.</summary>
		~SendBuffer()
		{
			Release();
		}

		internal IntPtr Handle
		{
			get
			{
				if (_message == IntPtr.Zero)
					throw new ObjectDisposedException(nameof(SendBuffer));
				return _message;
			}
		}

		/// <summary>Its bytes, to be written until it is sent.</summary>
		public Span<byte> Span => new Span<byte>(Native.message_data(Handle), (int)Native.message_size(_message));

		/// <summary>How it is sent.</summary>
		public SendFlags Flags
		{
			get { return (SendFlags)Native.message_flags(Handle); }
			set { Native.message_set_flags(Handle, (uint)value); }
		}

		/// <summary>By which lane.</summary>
		public int Lane
		{
			get { return Native.message_lane(Handle); }
			set { Native.message_set_lane(Handle, value); }
		}

		/// <summary>How long it may wait to be sent before it is dropped; zero: for ever.</summary>
		public TimeSpan TimeToLive
		{
			get { return Duration.Of(Native.message_ttl_us(Handle)); }
			set { Native.message_set_ttl_us(Handle, Duration.Microseconds(value)); }
		}

		/// <summary>The library has it now.</summary>
		internal void Sent()
		{
			_message = IntPtr.Zero;
			GC.SuppressFinalize(this);
		}

		/// <summary>Gives it back unsent.</summary>
		public void Dispose()
		{
			Release();
			GC.SuppressFinalize(this);
		}

		void Release()
		{
			IntPtr message = System.Threading.Interlocked.Exchange(ref _message, IntPtr.Zero);
			if (message != IntPtr.Zero)
				Native.message_release(message);
		}
	}
}
