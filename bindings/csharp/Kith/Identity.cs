// Who a peer is.
using System;
using System.Diagnostics.CodeAnalysis;
using Kith.Interop;

namespace Kith
{
	/// <summary>
	/// Who a peer is: a short text such as "str:alice", "key:" and 64 hex digits, "gen:0a0b", "ip:192.0.2.1:80".
	/// Who connects to a "key:" identity gets the owner of that key or an error.
	/// </summary>
	public sealed unsafe class Identity : IEquatable<Identity>
	{
		internal NativeIdentity Native; // written once; "fixed" of Mono's compiler wants no readonly field
		[MaybeNull] string _text;

		internal Identity(in NativeIdentity native)
		{
			Native = native;
		}

		/// <summary>Nobody where there is none.</summary>
		internal static Identity OrNull(in NativeIdentity native) => native.Kind == 0 ? null : new Identity(native);

		/// <summary>Reads the text form of an identity.</summary>
		public static Identity Parse(string text)
		{
			NativeIdentity native;
			using (var scratch = new Scratch())
				Check.Ok(Interop.Native.identity_parse(scratch.Text(text), &native));
			return new Identity(native);
		}

		/// <summary>As <see cref="Parse"/>, but says whether it worked; else <paramref name="identity"/> is null.</summary>
		public static bool TryParse([AllowNull] string text, [MaybeNull] out Identity identity)
		{
			NativeIdentity native;
			using (var scratch = new Scratch())
				identity = Interop.Native.identity_parse(scratch.Text(text), &native) == 0 ? new Identity(native) : null;
			return identity != null;
		}

		/// <summary>The identity of 1-31 bytes that mean something to the application, or of a public key's 32.</summary>
		public static Identity FromBytes(ReadOnlySpan<byte> bytes)
		{
			NativeIdentity native;
			fixed (byte* data = bytes)
				Check.Ok(Interop.Native.identity_from_bytes(data, (UIntPtr)(uint)bytes.Length, &native));
			return new Identity(native);
		}

		/// <summary>The identity of an address, "ip:192.0.2.1:80".</summary>
		public static Identity FromAddress(Address address)
		{
			NativeIdentity native;
			NativeAddress from = address.Native;
			Check.Ok(Interop.Native.identity_from_address(&from, &native));
			return new Identity(native);
		}

		/// <summary>Its kind.</summary>
		public IdentityKind Kind => (IdentityKind)Native.Kind;

		/// <summary>The bytes of a generic or key identity; of others this throws.</summary>
		public byte[] ToBytes()
		{
			return Text.BytesFrom((buffer, capacity, size) => {
				fixed (NativeIdentity* native = &Native)
					return Interop.Native.identity_bytes(native, buffer, capacity, size);
			});
		}

		/// <summary>As <see cref="Parse"/> reads it.</summary>
		public override string ToString()
		{
			return _text ?? (_text = Text.From((buffer, capacity, size) => {
				fixed (NativeIdentity* native = &Native)
					return Interop.Native.identity_print(native, buffer, capacity, size);
			}));
		}

		/// <summary>Whether both are the same.</summary>
		public bool Equals([AllowNull] Identity other)
		{
			if ((object)other == null)
				return false;
			fixed (NativeIdentity* first = &Native, second = &other.Native)
				return Interop.Native.identity_equal(first, second) != 0;
		}

		/// <inheritdoc/>
		public override bool Equals([AllowNull] object obj) => Equals(obj as Identity);

		/// <inheritdoc/>
		public override int GetHashCode() => ToString().GetHashCode();

		/// <summary>Whether both are the same.</summary>
		public static bool operator ==([AllowNull] Identity left, [AllowNull] Identity right)
		{
			return (object)left == null ? (object)right == null : left.Equals(right);
		}

		/// <summary>Whether they differ.</summary>
		public static bool operator !=([AllowNull] Identity left, [AllowNull] Identity right) => !(left == right);
	}
}
