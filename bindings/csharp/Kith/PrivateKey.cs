// The half of a key that only its owner may know.
using System;
using Kith.Interop;

namespace Kith
{
	/// <summary>An Ed25519 private key, 32 bytes. Disposing wipes it.</summary>
	public sealed unsafe class PrivateKey : IDisposable
	{
		readonly byte[] _bytes = new byte[PublicKey.Size];

		PrivateKey()
		{
		}

		/// <summary>A new one.</summary>
		public static PrivateKey Generate()
		{
			var made = new PrivateKey();
			fixed (byte* key = made._bytes)
				Check.Ok(Native.key_generate(key));
			return made;
		}

		/// <summary>Reads 64 hex digits, the line "kith-key ed25519 ...", or what OpenSSH writes without a passphrase.</summary>
		public static PrivateKey Parse(string text)
		{
			if (text == null)
				throw new ArgumentNullException(nameof(text));
			return Parse(System.Text.Encoding.UTF8.GetBytes(text));
		}

		/// <summary>The same, or 32 raw bytes.</summary>
		public static PrivateKey Parse(ReadOnlySpan<byte> data)
		{
			var made = new PrivateKey();
			fixed (byte* from = data, key = made._bytes)
				Check.Ok(Native.key_parse(from, (UIntPtr)(uint)data.Length, key));
			return made;
		}

		/// <summary>Reads a file of any form of <see cref="Parse(string)"/>.</summary>
		public static PrivateKey Load(string path)
		{
			var made = new PrivateKey();
			using (var scratch = new Scratch())
			fixed (byte* key = made._bytes)
				Check.Ok(Native.key_load(scratch.Text(path), key));
			return made;
		}

		/// <summary>The key in a file, which is made when it is not there.</summary>
		public static PrivateKey LoadOrCreate(string path)
		{
			try {
				return Load(path);
			} catch (KithException failure) when (failure.Result == Result.NotFound) {
			}
			PrivateKey made = Generate();
			made.Save(path);
			return made;
		}

		/// <summary>Writes it to a new file that only its owner can read.</summary>
		public void Save(string path)
		{
			using (var scratch = new Scratch())
			fixed (byte* key = _bytes)
				Check.Ok(Native.key_save(scratch.Text(path), key));
		}

		/// <summary>Its 32 bytes. Keep them secret.</summary>
		public ReadOnlySpan<byte> Bytes => _bytes;

		/// <summary>The public half.</summary>
		public PublicKey PublicKey
		{
			get
			{
				var half = new byte[PublicKey.Size];
				fixed (byte* key = _bytes, to = half)
					Check.Ok(Native.key_public(key, to));
				return new PublicKey(half);
			}
		}

		/// <summary>Its owner: "key:" and 64 hex digits.</summary>
		public Identity Identity
		{
			get
			{
				NativeIdentity identity;
				fixed (byte* key = _bytes)
					Check.Ok(Native.key_identity(key, &identity));
				return new Identity(identity);
			}
		}

		/// <summary>Wipes it.</summary>
		public void Dispose() => Array.Clear(_bytes, 0, _bytes.Length);
	}
}
