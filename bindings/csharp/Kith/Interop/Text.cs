// Texts between C#'s UTF-16 and the library's UTF-8.
using System;
using System.Text;

namespace Kith.Interop
{
	/// <summary>A function of the library that writes a text into the caller's buffer.</summary>
	internal unsafe delegate int TextWriter(byte* buffer, UIntPtr capacity, UIntPtr* size);

	internal static unsafe class Text
	{
		/// <summary>A text that ends with a NUL; empty for null.</summary>
		public static string Read(byte* text)
		{
			if (text == null)
				return "";
			int size = 0;
			while (text[size] != 0)
				size++;
			return size == 0 ? "" : Encoding.UTF8.GetString(text, size);
		}

		/// <summary>A text, or null where there is none.</summary>
		public static string ReadOrNull(byte* text)
		{
			return text == null ? null : Read(text);
		}

		/// <summary>The text that a function of the library writes; its size is found by trying.</summary>
		public static string From(TextWriter write)
		{
			int size;
			byte[] buffer = Fill(write, 256, out size);
			return Encoding.UTF8.GetString(buffer, 0, Math.Max(size - 1, 0));
		}

		/// <summary>The bytes that a function of the library writes.</summary>
		public static byte[] BytesFrom(TextWriter write)
		{
			int size;
			byte[] buffer = Fill(write, 4096, out size);
			Array.Resize(ref buffer, size);
			return buffer;
		}

		static byte[] Fill(TextWriter write, int capacity, out int size)
		{
			for (;;) {
				var buffer = new byte[capacity];
				UIntPtr needed;
				int result;
				fixed (byte* start = buffer)
					result = write(start, (UIntPtr)(uint)capacity, &needed);
				if (result == (int)Result.TooLarge && (ulong)needed > (ulong)capacity) {
					capacity = (int)needed;
					continue;
				}
				Check.Ok(result);
				size = (int)needed;
				return buffer;
			}
		}
	}
}
