// Made by generate.py from abi/kith.json.
// The structs of the C interface, field by field. tests/bindings/csharp checks sizes and offsets.
using System;
using System.Runtime.InteropServices;

namespace Kith.Interop
{
#pragma warning disable 649 // the library writes them
	/// <summary>struct kith_address</summary>
	[StructLayout(LayoutKind.Sequential)]
	internal unsafe struct NativeAddress
	{
		public fixed byte Ip[16];
		public ushort Port;
		public ushort Reserved;
		public uint Scope;
	}

	/// <summary>struct kith_callbacks</summary>
	[StructLayout(LayoutKind.Sequential)]
	internal unsafe struct NativeCallbacks
	{
		public uint StructSize;
		public uint Reserved;
		public void* UserData;
		public IntPtr Release;
		public IntPtr OnState;
		public IntPtr OnReadable;
		public IntPtr OnWritable;
		public IntPtr OnRoute;
		public IntPtr OnSignal;
		public IntPtr OnSignalingState;
		public IntPtr OnError;
		public IntPtr OnSessionRequest;
		public IntPtr OnSessionConnected;
		public IntPtr OnSessionEnded;
		public IntPtr OnSessionFailed;
		public IntPtr OnSessionWritable;
		public IntPtr OnChannelReadable;
		public IntPtr OnExpired;
		public IntPtr OnOther;
		public IntPtr OnTurnCredentials;
	}

	/// <summary>struct kith_certificate</summary>
	[StructLayout(LayoutKind.Sequential)]
	internal unsafe struct NativeCertificate
	{
		public uint StructSize;
		public int Kind;
		public int IsSigned;
		public uint AppIdCount;
		public ulong KeyId;
		public ulong Issuer;
		public long CreatedUnixUs;
		public long ExpiresUnixUs;
		public fixed byte Key[32];
		public NativeIdentity Identity;
		public fixed uint AppIds[64];
	}

	/// <summary>struct kith_certificate_options</summary>
	[StructLayout(LayoutKind.Sequential)]
	internal unsafe struct NativeCertificateOptions
	{
		public uint StructSize;
		public int Kind;
		public void* SigningKey;
		public void* PublicKey;
		public NativeIdentity* Identity;
		public uint* AppIds;
		public uint AppIdCount;
		public int Form;
		public long CreatedUnixUs;
		public long ExpiresUnixUs;
	}

	/// <summary>struct kith_config_entry</summary>
	[StructLayout(LayoutKind.Sequential)]
	internal unsafe struct NativeConfigEntry
	{
		public int Id;
		public int Type;
		public byte* Name;
		public long Integer;
		public double Real;
		public byte* String;
	}

	/// <summary>struct kith_config_info</summary>
	[StructLayout(LayoutKind.Sequential)]
	internal unsafe struct NativeConfigInfo
	{
		public uint StructSize;
		public int Id;
		public int Type;
		public int Lock;
		public byte* Name;
		public double Min;
		public double Max;
		public long DefaultInteger;
		public double DefaultReal;
		public byte* DefaultString;
		public byte* Text;
	}

	/// <summary>struct kith_connection_options</summary>
	[StructLayout(LayoutKind.Sequential)]
	internal unsafe struct NativeConnectionOptions
	{
		public uint StructSize;
		public uint ConfigCount;
		public NativeConfigEntry* Config;
		public NativeIdentity* Peer;
		public byte* Name;
		public long UserData;
		public int VirtualPort;
		public int Symmetric;
		public uint PollGroup;
		public uint Reserved;
	}

	/// <summary>struct kith_diagnosis</summary>
	[StructLayout(LayoutKind.Sequential)]
	internal unsafe struct NativeDiagnosis
	{
		public uint StructSize;
		public int Stage;
		public int State;
		public int Reason;
		public long ElapsedUs;
		public int Agreed;
		public int Connected;
		public int RequestsSent;
		public int Reachable;
		public int Signalings;
		public int SignalingsConnected;
		public int SignalsSent;
		public int SignalsReceived;
		public int LocalHost;
		public int LocalPublic;
		public int LocalRelay;
		public int RemoteHost;
		public int RemotePublic;
		public int RemoteRelay;
		public int PairFound;
		public int ServersSilent;
		public int ServersRefused;
		public int ServersFailed;
		public int Reserved;
		public fixed byte Summary[256];
		public fixed byte Text[2048];
	}

	/// <summary>struct kith_endpoint_options</summary>
	[StructLayout(LayoutKind.Sequential)]
	internal unsafe struct NativeEndpointOptions
	{
		public uint StructSize;
		public uint ConfigCount;
		public NativeIdentity* Identity;
		public void* PrivateKey;
		public NativeConfigEntry* Config;
		public IntPtr Wake;
		public void* WakeUserData;
		public IntPtr WakeRelease;
		public IntPtr Log;
		public void* LogUserData;
		public IntPtr LogRelease;
		public int LogLevel;
		public uint AppId;
		public void* Certificate;
		public UIntPtr CertificateSize;
		public void* Trust;
		public UIntPtr TrustSize;
		public void* Revoked;
		public UIntPtr RevokedSize;
	}

	/// <summary>struct kith_event</summary>
	[StructLayout(LayoutKind.Sequential)]
	internal unsafe struct NativeEvent
	{
		public uint StructSize;
		public int Type;
		public uint Endpoint;
		public uint Connection;
		public uint Listener;
		public uint PollGroup;
		public uint Signaling;
		public int OldState;
		public int State;
		public int Reason;
		public int Result;
		public int Route;
		public long TimeUs;
		public long UserData;
		public void* Data;
		public UIntPtr DataSize;
		public NativeIdentity Peer;
		public NativeAddress Local;
		public NativeAddress Remote;
		public fixed byte Text[128];
		public int Channel;
		public int Stage;
	}

	/// <summary>struct kith_identity</summary>
	[StructLayout(LayoutKind.Sequential)]
	internal unsafe struct NativeIdentity
	{
		public int Kind;
		public fixed byte Text[128];
	}

	/// <summary>struct kith_info</summary>
	[StructLayout(LayoutKind.Sequential)]
	internal unsafe struct NativeInfo
	{
		public uint StructSize;
		public int State;
		public uint Endpoint;
		public uint Listener;
		public uint PollGroup;
		public int Incoming;
		public int VirtualPort;
		public int Route;
		public int Reason;
		public int PeerIsGns;
		public long UserData;
		public long ConnectTimeUs;
		public NativeIdentity Peer;
		public NativeAddress Local;
		public NativeAddress Remote;
		public fixed byte Text[128];
		public fixed byte Name[64];
	}

	/// <summary>struct kith_lane_status</summary>
	[StructLayout(LayoutKind.Sequential)]
	internal unsafe struct NativeLaneStatus
	{
		public uint StructSize;
		public int Lane;
		public long PendingReliable;
		public long PendingUnreliable;
		public long UnackedReliable;
		public long QueueTimeUs;
	}

	/// <summary>struct kith_listener_options</summary>
	[StructLayout(LayoutKind.Sequential)]
	internal unsafe struct NativeListenerOptions
	{
		public uint StructSize;
		public uint ConfigCount;
		public NativeConfigEntry* Config;
		public long UserData;
		public int Symmetric;
		public uint PollGroup;
	}

	/// <summary>struct kith_outgoing</summary>
	[StructLayout(LayoutKind.Sequential)]
	internal unsafe struct NativeOutgoing
	{
		public void* Data;
		public UIntPtr Size;
		public uint Flags;
		public int Lane;
		public long TtlUs;
	}

	/// <summary>struct kith_pair_options</summary>
	[StructLayout(LayoutKind.Sequential)]
	internal unsafe struct NativePairOptions
	{
		public uint StructSize;
		public int Network;
		public NativeIdentity* FirstIdentity;
		public NativeIdentity* SecondIdentity;
		public NativeConnectionOptions* First;
		public NativeConnectionOptions* Second;
	}

	/// <summary>struct kith_security</summary>
	[StructLayout(LayoutKind.Sequential)]
	internal unsafe struct NativeSecurity
	{
		public uint StructSize;
		public int Encrypted;
		public int Proof;
		public int HasPeerKey;
		public fixed byte PeerKey[32];
		public fixed byte Cipher[32];
		public int Certified;
		public int Doubt;
		public ulong Issuer;
		public ulong Root;
		public long CreatedUnixUs;
		public long ExpiresUnixUs;
		public NativeIdentity CertificateIdentity;
	}

	/// <summary>struct kith_signaling_callbacks</summary>
	[StructLayout(LayoutKind.Sequential)]
	internal unsafe struct NativeSignalingCallbacks
	{
		public uint StructSize;
		public uint Reserved;
		public IntPtr Send;
		public IntPtr Release;
		public void* UserData;
	}

	/// <summary>struct kith_statistics</summary>
	[StructLayout(LayoutKind.Sequential)]
	internal unsafe struct NativeStatistics
	{
		public uint StructSize;
		public int Side;
		public long RatesAgeUs;
		public double OutPacketsPerSecond;
		public double OutBytesPerSecond;
		public double InPacketsPerSecond;
		public double InBytesPerSecond;
		public long PingUs;
		public double Loss;
		public double Disorder;
		public long JitterUs;
		public long LifetimeAgeUs;
		public long ConnectedUs;
		public ulong PacketsSent;
		public ulong BytesSent;
		public ulong PacketsReceived;
		public ulong BytesReceived;
		public ulong PacketsSequenced;
		public ulong PacketsLost;
		public ulong PacketsOutOfOrder;
		public ulong PacketsOutOfOrderCorrected;
		public ulong PacketsDuplicate;
		public ulong PacketsLurch;
		public fixed ulong PingHistogram[9];
		public fixed ulong QualityHistogram[9];
		public fixed ulong JitterHistogram[6];
		public fixed long PingPercentilesUs[5];
		public fixed double QualityPercentiles[4];
	}

	/// <summary>struct kith_status</summary>
	[StructLayout(LayoutKind.Sequential)]
	internal unsafe struct NativeStatus
	{
		public uint StructSize;
		public int State;
		public long PingUs;
		public long JitterUs;
		public double QualityLocal;
		public double QualityRemote;
		public double OutPacketsPerSecond;
		public double OutBytesPerSecond;
		public double InPacketsPerSecond;
		public double InBytesPerSecond;
		public long SendRate;
		public long PendingReliable;
		public long PendingUnreliable;
		public long UnackedReliable;
		public long QueueTimeUs;
		public ulong PacketsSent;
		public ulong PacketsReceived;
		public ulong BytesSent;
		public ulong BytesReceived;
		public ulong PacketsLost;
		public ulong PacketsDropped;
		public long PingMinUs;
		public long PingDeviationUs;
		public double LossLocal;
		public double LossRemote;
		public long PingRemoteUs;
		public long JitterRemoteUs;
		public long RemoteAgeUs;
		public long UnreadMessages;
		public long UnreadBytes;
		public ulong MessagesSent;
		public ulong MessagesReceived;
		public ulong MessagesDropped;
		public ulong MessagesExpired;
		public ulong MessagesLate;
		public long PacketSize;
	}
}
