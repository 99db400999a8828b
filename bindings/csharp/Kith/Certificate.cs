// Certificates: what they say, and making them.
using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using Kith.Interop;

namespace Kith
{
	/// <summary>What a certificate, or a request for one, says. Nothing of it is checked.</summary>
	public sealed unsafe class Certificate
	{
		internal Certificate(NativeCertificate* native)
		{
			Kind = (CertificateKind)native->Kind;
			IsSigned = native->IsSigned != 0;
			KeyId = native->KeyId;
			Issuer = native->Issuer;
			Created = Duration.Date(native->CreatedUnixUs);
			Expires = Duration.Date(native->ExpiresUnixUs);
			Key = PublicKey.Read(native->Key);
			Identity = Identity.OrNull(native->Identity);
			var apps = new uint[native->AppIdCount];
			for (int i = 0; i < apps.Length; i++)
				apps[i] = native->AppIds[i];
			AppIds = apps;
		}

		/// <summary>What it is for.</summary>
		public CertificateKind Kind { get; }

		/// <summary>It has a signature; of a request: that of its own key, which is good.</summary>
		public bool IsSigned { get; }

		/// <summary>The id of <see cref="Key"/>.</summary>
		public ulong KeyId { get; }

		/// <summary>The id of the key that signed it; 0 when nobody did.</summary>
		public ulong Issuer { get; }

		/// <summary>From when on it counts; null: it does not say.</summary>
		public DateTimeOffset? Created { get; }

		/// <summary>The last moment at which it counts; null: it does not say.</summary>
		public DateTimeOffset? Expires { get; }

		/// <summary>Its public key.</summary>
		public PublicKey Key { get; }

		/// <summary>Whose it is; null of an authority's.</summary>
		[MaybeNull]
		public Identity Identity { get; }

		/// <summary>The applications it is for; empty: any (of an authority), none (of a peer).</summary>
		public IReadOnlyList<uint> AppIds { get; }

		/// <summary>Reads certificates and requests: blocks of text, one or many, or the bare bytes of one.</summary>
		public static IReadOnlyList<Certificate> Read(ReadOnlySpan<byte> data)
		{
			var found = new List<Certificate>();
			fixed (byte* from = data)
				for (uint index = 0;; index++) {
					var native = new NativeCertificate { StructSize = (uint)sizeof(NativeCertificate) };
					int result = Native.certificate_describe(from, (UIntPtr)(uint)data.Length, index, &native);
					if (result == (int)Result.NotFound)
						return found;
					Check.Ok(result);
					found.Add(new Certificate(&native));
				}
		}

		/// <summary>Makes a request, to be handed to an authority. It proves that who asks has the key.</summary>
		public static byte[] Request(CertificateOptions options)
		{
			using (var scratch = new Scratch()) {
				NativeCertificateOptions* native = CertificateOptions.Write(options, scratch);
				return Text.BytesFrom((buffer, capacity, size) => Native.certificate_request(native, buffer, capacity, size));
			}
		}

		/// <summary>Makes a certificate, as an authority does. Whether who asks is who they say is for it to know.</summary>
		public static byte[] Sign(CertificateOptions options)
		{
			using (var scratch = new Scratch()) {
				NativeCertificateOptions* native = CertificateOptions.Write(options, scratch);
				return Text.BytesFrom((buffer, capacity, size) => Native.certificate_sign(native, buffer, capacity, size));
			}
		}

		/// <summary>Writes certificates or requests in the form wanted; in binary form there may be one only.</summary>
		public static byte[] Convert(ReadOnlySpan<byte> data, CertificateForm form)
		{
			using (var scratch = new Scratch()) {
				byte* from = scratch.Bytes(data);
				var size = (UIntPtr)(uint)data.Length;
				return Text.BytesFrom((buffer, capacity, needed) =>
					Native.certificate_convert(from, size, (int)form, buffer, capacity, needed));
			}
		}

		/// <summary>
		/// Reads a list of revoked keys: one a line, by its id or in a form of <see cref="PublicKey.Parse(string)"/>;
		/// what follows '#' is a comment.
		/// </summary>
		public static IReadOnlyList<ulong> ReadRevoked(ReadOnlySpan<byte> data)
		{
			var ids = new ulong[64];
			for (;;) {
				UIntPtr count;
				int result;
				fixed (byte* from = data)
				fixed (ulong* to = ids)
					result = Native.revoked_parse(from, (UIntPtr)(uint)data.Length, to, (UIntPtr)(uint)ids.Length, &count);
				if (result != (int)Result.TooLarge)
					Check.Ok(result);
				Array.Resize(ref ids, (int)count);
				if (result == 0)
					return ids;
			}
		}
	}

	/// <summary>What a certificate or request shall say.</summary>
	public sealed class CertificateOptions
	{
		/// <summary>What is made, or asked for: a peer's, an authority's or a root.</summary>
		public CertificateKind Kind { get; set; } = CertificateKind.Peer;

		/// <summary>The key that signs: the authority's; of a request the key of who asks.</summary>
		[AllowNull, MaybeNull]
		public PrivateKey SigningKey { get; set; }

		/// <summary>The key it is for. Not needed for requests and roots.</summary>
		[AllowNull, MaybeNull]
		public PublicKey Key { get; set; }

		/// <summary>Whose it shall be; null for authorities, and in a request for the key's own.</summary>
		[AllowNull, MaybeNull]
		public Identity Identity { get; set; }

		/// <summary>The applications it shall be for; none: application 0, or for an authority any.</summary>
		public IList<uint> AppIds { get; } = new List<uint>();

		/// <summary>How it is written.</summary>
		public CertificateForm Form { get; set; }

		/// <summary>From when on it counts; null: now. Not in requests.</summary>
		public DateTimeOffset? Created { get; set; }

		/// <summary>The last moment at which it counts. Not in requests, needed in certificates.</summary>
		public DateTimeOffset? Expires { get; set; }

		internal static unsafe NativeCertificateOptions* Write(CertificateOptions options, Scratch scratch)
		{
			if (options == null)
				throw new ArgumentNullException(nameof(options));
			var native = (NativeCertificateOptions*)scratch.Zeroed(sizeof(NativeCertificateOptions));
			native->StructSize = (uint)sizeof(NativeCertificateOptions);
			native->Kind = (int)options.Kind;
			if (options.SigningKey != null)
				native->SigningKey = scratch.Bytes(options.SigningKey.Bytes);
			if (options.Key != null)
				native->PublicKey = scratch.Bytes(options.Key.Bytes);
			native->Identity = scratch.Identity(options.Identity);
			native->AppIdCount = (uint)options.AppIds.Count;
			if (options.AppIds.Count > 0)
				native->AppIds = (uint*)scratch.Zeroed(options.AppIds.Count * sizeof(uint));
			for (int i = 0; i < options.AppIds.Count; i++)
				native->AppIds[i] = options.AppIds[i];
			native->Form = (int)options.Form;
			native->CreatedUnixUs = Duration.FromDate(options.Created);
			native->ExpiresUnixUs = Duration.FromDate(options.Expires);
			return native;
		}
	}
}
