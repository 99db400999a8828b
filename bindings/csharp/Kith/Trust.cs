// Whom an endpoint believes.
using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using Kith.Interop;

namespace Kith
{
	/// <summary>A root or authority that an endpoint was given.</summary>
	public sealed class TrustEntry
	{
		internal TrustEntry(Certificate certificate, bool believed)
		{
			Certificate = certificate;
			IsBelieved = believed;
		}

		/// <summary>Its certificate; of a bare key what is known of it.</summary>
		public Certificate Certificate { get; }

		/// <summary>It is a root, or its chain leads to one.</summary>
		public bool IsBelieved { get; }
	}

	/// <summary>Whom an endpoint believes: roots, authorities, and keys that count no longer.</summary>
	public sealed unsafe class Trust
	{
		readonly uint _endpoint;

		internal Trust(uint endpoint)
		{
			_endpoint = endpoint;
		}

		/// <summary>
		/// Adds authorities: certificates, or one public key in text. Self-signed ones and bare keys are roots: what
		/// they sign is believed. Others count when their chain leads to a root.
		/// </summary>
		public void Add(ReadOnlySpan<byte> data)
		{
			fixed (byte* from = data)
				Check.Ok(Native.endpoint_add_trust(_endpoint, from, (UIntPtr)(uint)data.Length));
		}

		/// <summary>Adds a root.</summary>
		public void Add(PublicKey root)
		{
			if (root == null)
				throw new ArgumentNullException(nameof(root));
			Add(System.Text.Encoding.ASCII.GetBytes(root.ToString()));
		}

		/// <summary>Takes back roots or authorities of a key. Connections that are there stay.</summary>
		public void Remove(ulong keyId) => Check.Ok(Native.endpoint_remove_trust(_endpoint, keyId));

		/// <summary>The roots and authorities, in no particular order.</summary>
		public IReadOnlyList<TrustEntry> List()
		{
			var found = new List<TrustEntry>();
			for (uint index = 0;; index++) {
				var native = new NativeCertificate { StructSize = (uint)sizeof(NativeCertificate) };
				int believed;
				int result = Native.endpoint_trust_at(_endpoint, index, &native, &believed);
				if (result == (int)Result.NotFound)
					return found;
				Check.Ok(result);
				found.Add(new TrustEntry(new Certificate(&native), believed != 0));
			}
		}

		/// <summary>
		/// Sets the list of keys that count no longer, in place of the one before: see
		/// <see cref="Certificate.ReadRevoked"/>. Connections with their owners, or with anyone they vouched for, end.
		/// </summary>
		public void SetRevoked(ReadOnlySpan<byte> list)
		{
			fixed (byte* from = list)
				Check.Ok(Native.endpoint_set_revoked(_endpoint, from, (UIntPtr)(uint)list.Length));
		}

		/// <summary>Adds one key to the list.</summary>
		public void Revoke(ulong keyId) => Check.Ok(Native.endpoint_revoke(_endpoint, keyId));

		/// <summary>The ids of the keys that are revoked.</summary>
		public IReadOnlyList<ulong> Revoked()
		{
			var found = new List<ulong>();
			for (uint index = 0;; index++) {
				ulong id;
				int result = Native.endpoint_revoked_at(_endpoint, index, &id);
				if (result == (int)Result.NotFound)
					return found;
				Check.Ok(result);
				found.Add(id);
			}
		}

		/// <summary>What the endpoint would hold against a peer that presents this certificate now.</summary>
		public Doubt Examine(ReadOnlySpan<byte> certificate, [AllowNull] Identity peer = null)
		{
			int doubt;
			using (var scratch = new Scratch())
			fixed (byte* from = certificate)
				Check.Ok(Native.endpoint_check_certificate(_endpoint, from, (UIntPtr)(uint)certificate.Length,
					scratch.Identity(peer), &doubt));
			return (Doubt)doubt;
		}
	}
}
