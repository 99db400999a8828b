// How an endpoint shall be.
using System;
using System.Diagnostics.CodeAnalysis;
using System.Threading;
using Kith.Interop;

namespace Kith
{
	/// <summary>Who takes an endpoint's events.</summary>
	public enum EventMode
	{
		/// <summary>A thread of the endpoint, the event pump, raises them as they come.</summary>
		Pump = 0,

		/// <summary>
		/// The program does, by <see cref="Endpoint.Poll"/> or <see cref="Endpoint.TryReadEvent"/>, for example once a
		/// frame; tasks that wait go on then too.
		/// </summary>
		Poll = 1,
	}

	/// <summary>How an endpoint shall be.</summary>
	public sealed class EndpointOptions
	{
		/// <summary>Who it is; null: the identity of its key, or the one that its certificate names.</summary>
		[AllowNull, MaybeNull]
		public Identity Identity { get; set; }

		/// <summary>Its private key; null: a new one is made.</summary>
		[AllowNull, MaybeNull]
		public PrivateKey PrivateKey { get; set; }

		/// <summary>Options that differ from the library's defaults.</summary>
		public ConfigValues Config { get; set; } = new ConfigValues();

		/// <summary>Who takes the events.</summary>
		public EventMode Events { get; set; }

		/// <summary>
		/// Where the pump raises events: they are posted there, as to the thread of a user interface. Null: on the
		/// pump's own thread.
		/// </summary>
		[AllowNull, MaybeNull]
		public SynchronizationContext EventContext { get; set; }

		/// <summary>How much is logged, see <see cref="Endpoint.LogReceived"/>.</summary>
		public LogLevel LogLevel { get; set; }

		/// <summary>Which application this is: certificates of ours and of peers must list it. 0: none in particular.</summary>
		public uint AppId { get; set; }

		/// <summary>Our certificate.</summary>
		public ReadOnlyMemory<byte> Certificate { get; set; }

		/// <summary>Whom we believe: see <see cref="Kith.Trust.Add(ReadOnlySpan{byte})"/>.</summary>
		public ReadOnlyMemory<byte> Trust { get; set; }

		/// <summary>Keys that count no longer: see <see cref="Kith.Trust.SetRevoked"/>.</summary>
		public ReadOnlyMemory<byte> Revoked { get; set; }

		internal static unsafe NativeEndpointOptions* Write(EndpointOptions options, Scratch scratch, LogQueue log)
		{
			var native = (NativeEndpointOptions*)scratch.Zeroed(sizeof(NativeEndpointOptions));
			native->StructSize = (uint)sizeof(NativeEndpointOptions);
			native->ConfigCount = (uint)options.Config.Count;
			native->Config = options.Config.Write(scratch);
			native->Identity = scratch.Identity(options.Identity);
			if (options.PrivateKey != null)
				native->PrivateKey = scratch.Bytes(options.PrivateKey.Bytes);
			native->AppId = options.AppId;
			native->Certificate = scratch.Bytes(options.Certificate.Span);
			native->CertificateSize = (UIntPtr)(uint)options.Certificate.Length;
			native->Trust = scratch.Bytes(options.Trust.Span);
			native->TrustSize = (UIntPtr)(uint)options.Trust.Length;
			native->Revoked = scratch.Bytes(options.Revoked.Span);
			native->RevokedSize = (UIntPtr)(uint)options.Revoked.Length;
			if (options.LogLevel != LogLevel.None)
				log.Write(native, options.LogLevel);
			return native;
		}
	}
}
