// The half of a key that everybody may know.
using System;
using System.Diagnostics.CodeAnalysis;
using Kith.Interop;

namespace Kith
{
	/// <summary>An Ed25519 public key, 32 bytes.</summary>
	public sealed unsafe class PublicKey : IEquatable<PublicKey>
	{
		/// <summary>Bytes of a key.</summary>
		public const int Size = Native.KEY_SIZE;

		readonly byte[] _bytes;

		internal PublicKey(byte[] bytes)
		{
			_bytes = bytes;
		}

		internal static PublicKey Read(byte* bytes) => new PublicKey(new ReadOnlySpan<byte>(bytes, Size).ToArray());

		/// <summary>Reads 64 hex digits, "key:" and these, "kith-public-key ed25519 ...", or "ssh-ed25519 ...".</summary>
		public static PublicKey Parse(string text)
		{
			if (text == null)
				throw new ArgumentNullException(nameof(text));
			return Parse(System.Text.Encoding.UTF8.GetBytes(text));
		}

		/// <summary>The same, or 32 raw bytes.</summary>
		public static PublicKey Parse(ReadOnlySpan<byte> data)
		{
			var key = new byte[Size];
			fixed (byte* from = data, to = key)
				Check.Ok(Native.key_parse_public(from, (UIntPtr)(uint)data.Length, to));
			return new PublicKey(key);
		}

		/// <summary>Reads a file of any form of <see cref="Parse(string)"/>.</summary>
		public static PublicKey Load(string path)
		{
			var key = new byte[Size];
			using (var scratch = new Scratch())
			fixed (byte* to = key)
				Check.Ok(Native.key_load_public(scratch.Text(path), to));
			return new PublicKey(key);
		}

		/// <summary>Writes it to a new file.</summary>
		public void Save(string path)
		{
			using (var scratch = new Scratch())
			fixed (byte* key = _bytes)
				Check.Ok(Native.key_save_public(scratch.Text(path), key));
		}

		/// <summary>Its 32 bytes.</summary>
		public ReadOnlySpan<byte> Bytes => _bytes;

		/// <summary>The number by which certificates and lists of revoked keys name it.</summary>
		public ulong Id
		{
			get
			{
				ulong id;
				fixed (byte* key = _bytes)
					Check.Ok(Native.key_id(key, &id));
				return id;
			}
		}

		/// <summary>Its owner: "key:" and 64 hex digits.</summary>
		public Identity Identity => Identity.FromBytes(_bytes);

		/// <summary>One line of text, as <see cref="Save"/> writes it or as OpenSSH does.</summary>
		public string ToString(KeyForm form)
		{
			return Text.From((buffer, capacity, size) => {
				fixed (byte* key = _bytes)
					return Native.key_print_public(key, (int)form, buffer, capacity, size);
			});
		}

		/// <summary>"kith-public-key ed25519 ..."</summary>
		public override string ToString() => ToString(KeyForm.File);

		/// <summary>Whether both are the same.</summary>
		public bool Equals([AllowNull] PublicKey other) => (object)other != null && Bytes.SequenceEqual(other.Bytes);

		/// <inheritdoc/>
		public override bool Equals([AllowNull] object obj) => Equals(obj as PublicKey);

		/// <inheritdoc/>
		public override int GetHashCode() => BitConverter.ToInt32(_bytes, 0);
	}
}
