// Memory that a call of the library borrows: texts, structs, keys.
using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Text;

namespace Kith.Interop
{
	/// <summary>Native memory until it is disposed; wiped then, since there may be keys in it.</summary>
	internal sealed unsafe class Scratch : IDisposable
	{
		struct Block
		{
			public IntPtr Start;
			public int Size;
		}

		readonly List<Block> _blocks = new List<Block>();

		public byte* Zeroed(int size)
		{
			var block = new Block { Start = Marshal.AllocHGlobal(Math.Max(size, 1)), Size = size };
			_blocks.Add(block);
			new Span<byte>((void*)block.Start, size).Clear();
			return (byte*)block.Start;
		}

		/// <summary>UTF-8 with a NUL; null for null.</summary>
		public byte* Text(string text)
		{
			if (text == null)
				return null;
			byte[] bytes = Encoding.UTF8.GetBytes(text);
			byte* start = Zeroed(bytes.Length + 1);
			Marshal.Copy(bytes, 0, (IntPtr)start, bytes.Length);
			return start;
		}

		/// <summary>A copy; null for no bytes.</summary>
		public byte* Bytes(ReadOnlySpan<byte> data)
		{
			if (data.IsEmpty)
				return null;
			byte* start = Zeroed(data.Length);
			data.CopyTo(new Span<byte>(start, data.Length));
			return start;
		}

		public NativeIdentity* Identity(Identity identity)
		{
			if (identity == null)
				return null;
			var start = (NativeIdentity*)Zeroed(sizeof(NativeIdentity));
			*start = identity.Native;
			return start;
		}

		public void Dispose()
		{
			foreach (Block block in _blocks) {
				new Span<byte>((void*)block.Start, block.Size).Clear();
				Marshal.FreeHGlobal(block.Start);
			}
			_blocks.Clear();
		}
	}
}
