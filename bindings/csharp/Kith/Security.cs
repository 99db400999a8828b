// What protects a connection.
using System;
using System.Diagnostics.CodeAnalysis;
using Kith.Interop;

namespace Kith
{
	/// <summary>What protects a connection. Of one that was refused: why.</summary>
	public sealed unsafe class Security
	{
		internal Security(NativeSecurity* native)
		{
			IsEncrypted = native->Encrypted != 0;
			Proof = (Proof)native->Proof;
			PeerKey = native->HasPeerKey != 0 ? PublicKey.Read(native->PeerKey) : null;
			Cipher = Interop.Text.Read(native->Cipher);
			IsCertified = native->Certified != 0;
			Doubt = (Doubt)native->Doubt;
			Issuer = native->Issuer;
			Root = native->Root;
			Created = Duration.Date(native->CreatedUnixUs);
			Expires = Duration.Date(native->ExpiresUnixUs);
			CertificateIdentity = Identity.OrNull(native->CertificateIdentity);
		}

		/// <summary>Nobody on the way can read or change what is sent.</summary>
		public bool IsEncrypted { get; }

		/// <summary>What proves who the peer is.</summary>
		public Proof Proof { get; }

		/// <summary>The peer's public key; null: not known.</summary>
		[MaybeNull]
		public PublicKey PeerKey { get; }

		/// <summary>"AES-256-GCM" or "none".</summary>
		public string Cipher { get; }

		/// <summary>A root that we trust vouches for the peer; also when the proof is its key.</summary>
		public bool IsCertified { get; }

		/// <summary>Why not, or why the connection was refused.</summary>
		public Doubt Doubt { get; }

		/// <summary>Of the peer's certificate, when it was taken: the key id of its signer.</summary>
		public ulong Issuer { get; }

		/// <summary>The key id of the root that its chain ends at; 0: none.</summary>
		public ulong Root { get; }

		/// <summary>From when on it counts; null: it does not say.</summary>
		public DateTimeOffset? Created { get; }

		/// <summary>The last moment at which it counts; null: none.</summary>
		public DateTimeOffset? Expires { get; }

		/// <summary>Who it is for; null: anybody.</summary>
		[MaybeNull]
		public Identity CertificateIdentity { get; }
	}
}
