"""What is known about a connection: what it is, how it fares, what protects it, why it failed."""

from dataclasses import dataclass
from typing import Optional, Tuple

from .enums import CertificateKind, Doubt, Proof, Route, Side, Stage, State
from .values import Address, Identity


@dataclass(frozen=True)
class Info:
    """What a connection is."""

    state: State
    #: Whose connection it is.
    endpoint: int
    #: Where it knocked, of an incoming one; 0 otherwise.
    listener: int
    #: The poll group it is in; 0: none.
    poll_group: int
    #: the peer called us; 0: we called.
    incoming: bool
    #: The virtual port of a peer-to-peer connection, else -1.
    virtual_port: int
    route: Route
    #: Why it ended: REASON_* or any number of the peer's; 0 while it lives.
    reason: int
    #: the peer's library is GNS, or does not say what it is.
    peer_is_gns: bool
    #: What the application attached.
    user_data: int
    #: Microseconds from the call until it was connected; -1 before.
    connect_time_us: int
    #: Who is at the other end, as far as it is known.
    peer: Optional[Identity]
    #: The address here, where it is known.
    local: Optional[Address]
    #: The address of the peer, or of its relay.
    remote: Optional[Address]
    #: Why it ended, in words; may be empty.
    text: str
    #: The name given to it; cut to fit.
    name: str

    def __post_init__(self) -> None:
        object.__setattr__(self, 'state', State(self.state))
        object.__setattr__(self, 'incoming', bool(self.incoming))
        object.__setattr__(self, 'route', Route(self.route))
        object.__setattr__(self, 'peer_is_gns', bool(self.peer_is_gns))


@dataclass(frozen=True)
class Status:
    """How a connection fares now. Times are microseconds; -1: unknown."""

    state: State
    #: Round trip, smoothed, in microseconds; -1 unknown.
    ping_us: int
    #: The highest jitter since this function was last asked about the connection, in microseconds: by how much the
    #: time between two packets of the peer differed here from what it was there. -1: none was measured; GNS peers
    #: tell the times only when they are set to.
    jitter_us: int
    #: Part of the peer's packets that arrive here, and in order, 0-1; -1 unknown.
    quality_local: float
    #: The same of our packets, as the peer told last; -1 when it has not.
    quality_remote: float
    #: Rates of the last five seconds or so; packets with all that is around messages.
    out_packets_per_second: float
    out_bytes_per_second: float
    in_packets_per_second: float
    in_bytes_per_second: float
    #: Bytes per second that could be sent, as the congestion control sees it.
    send_rate: int
    #: Bytes of messages that have not left yet, or were lost and will leave again.
    pending_reliable: int
    pending_unreliable: int
    #: Bytes that have left, and are neither acknowledged nor lost.
    unacked_reliable: int
    #: Microseconds until a message sent now would leave.
    queue_time_us: int
    #: Since the connection began.
    packets_sent: int
    #: Since the connection began.
    packets_received: int
    #: Since the connection began.
    bytes_sent: int
    #: Since the connection began.
    bytes_received: int
    #: Sent packets that were declared lost.
    packets_lost: int
    #: Received packets that were duplicates, damaged or forged, and were dropped.
    packets_dropped: int
    #: The shortest round trip of the last ten seconds or so, in microseconds; -1 unknown.
    ping_min_us: int
    #: How far round trips are from their mean, in microseconds; -1 unknown.
    ping_deviation_us: int
    #: Part of the peer's packets that do not arrive, 0-1; -1 unknown.
    loss_local: float
    #: The same of our packets, as the peer told last.
    loss_remote: float
    #: What the peer measures, as it told last; -1 unknown.
    ping_remote_us: int
    #: The same as the peer sees it; -1 unknown.
    jitter_remote_us: int
    #: Microseconds since the peer told; -1: it has not. Peers tell every 20 to 30 seconds.
    remote_age_us: int
    #: Messages that have arrived and were taken by nobody yet, and their bytes.
    unread_messages: int
    unread_bytes: int
    #: Since the connection began.
    messages_sent: int
    messages_received: int
    #: Unreliable messages, of either side, that were given up before they were complete.
    messages_dropped: int
    #: Our messages that were dropped unsent because their time to live was over.
    messages_expired: int
    #: Sequenced messages of the peer that came after a newer one, and were dropped.
    messages_late: int
    #: Bytes of the largest packet that carries messages on this path: what it was found to take, or
    #: MTU_PacketSize as long as that was not asked.
    packet_size: int

    def __post_init__(self) -> None:
        object.__setattr__(self, 'state', State(self.state))


@dataclass(frozen=True)
class LaneStatus:
    """How one lane of a connection fares now."""

    #: Which one.
    lane: int
    #: As the fields of struct kith_status, of this lane.
    pending_reliable: int
    pending_unreliable: int
    #: Bytes that have left and are not acknowledged.
    unacked_reliable: int
    #: Microseconds until a message sent on this lane now would leave, given what waits on it, on lanes of higher
    #: priority, and on those it shares the connection with by weight.
    queue_time_us: int


@dataclass(frozen=True)
class Statistics:
    """How a connection has fared since it was made, and lately, as one end of it sees it."""

    side: Side
    #: How old the fields up to jitter_us are, in microseconds: 0 of our own; -1: the peer has not told.
    rates_age_us: int
    #: Rates of this side.
    out_packets_per_second: float
    out_bytes_per_second: float
    in_packets_per_second: float
    in_bytes_per_second: float
    #: Round trip in microseconds; -1 unknown.
    ping_us: int
    #: Parts of the other end's packets, 0-1, -1 unknown: that did not arrive,
    loss: float
    #: and that were out of order, doubled or far too late.
    disorder: float
    #: The highest of the interval, in microseconds; -1 unknown.
    jitter_us: int
    #: How old the fields below are, in microseconds: 0 of our own; -1: the peer has not told.
    lifetime_age_us: int
    #: Since it was connected; whole seconds; -1 unknown.
    connected_us: int
    #: Since the connection began.
    packets_sent: int
    #: Since the connection began.
    bytes_sent: int
    #: Since the connection began.
    packets_received: int
    #: Since the connection began.
    bytes_received: int
    #: Received packets with a number, duplicates too; all of them, between today's peers.
    packets_sequenced: int
    #: Of the other end's packets: missing,
    packets_lost: int
    #: behind a later one,
    packets_out_of_order: int
    #: the same, but put right before it mattered (a GNS peer counts so),
    packets_out_of_order_corrected: int
    #: come twice,
    packets_duplicate: int
    #: with a number that jumps, or come so late that nobody knows whether it came before.
    packets_lurch: int
    #: How many round trips took up to 25, 50, 75, 100, 125, 150, 200, 300 milliseconds, and longer.
    ping_histogram: Tuple[int, ...]
    #: How many intervals of five seconds were perfect; at least 99, 97, 95, 90, 75, 50 per cent good; worse; and
    #: dead.
    quality_histogram: Tuple[int, ...]
    #: How many packets were early or late by less than 1, 2, 5, 10, 20 milliseconds, and more.
    jitter_histogram: Tuple[int, ...]
    #: This many microseconds or less took 5, 50, 75, 95, 98 per cent of round trips; -1: too few yet.
    ping_percentiles_us: Tuple[int, ...]
    #: This good (0-1) or worse were 2, 5, 25, 50 per cent of the intervals; -1: too few yet.
    quality_percentiles: Tuple[float, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, 'side', Side(self.side))


@dataclass(frozen=True)
class Security:
    """What protects a connection. Of one that was refused: why."""

    #: nobody on the way can read or change what is sent.
    encrypted: bool
    proof: Proof
    #: `peer_key` is set.
    has_peer_key: bool
    #: The peer's Ed25519 public key.
    peer_key: bytes
    #: "AES-256-GCM" or "none".
    cipher: str
    #: a root that we trust vouches for the peer; also when the proof is its key.
    certified: bool
    #: DOUBT_*: why not, or why the connection was refused; kith_doubt_text() says it in words.
    doubt: Doubt
    #: What the peer's certificate says, when it was taken. Key ids: of its signer, and of the root that the chain
    #: ends at (0 unless certified).
    issuer: int
    #: See there; 0: none.
    root: int
    #: Microseconds since 1970, UTC; 0: it does not say.
    created_unix_us: int
    #: The last moment at which it counts, in microseconds since 1970; 0: none.
    expires_unix_us: int
    #: Who it is for; none: anybody.
    certificate_identity: Optional[Identity]

    def __post_init__(self) -> None:
        object.__setattr__(self, 'encrypted', bool(self.encrypted))
        object.__setattr__(self, 'proof', Proof(self.proof))
        object.__setattr__(self, 'has_peer_key', bool(self.has_peer_key))
        object.__setattr__(self, 'certified', bool(self.certified))
        object.__setattr__(self, 'doubt', Doubt(self.doubt))


@dataclass(frozen=True)
class Diagnosis:
    """How a connection was made, or how far that got."""

    stage: Stage
    state: State
    #: Why it ended, REASON_* or any number of the peer's; 0 while it lives.
    reason: int
    #: Microseconds from the call until it ended, or until now.
    elapsed_us: int
    #: both sides accepted.
    agreed: bool
    #: it was connected, at some time.
    connected: bool
    #: By address: datagrams that asked for an answer, and whether (1) anything answered there.
    requests_sent: int
    #: anything answered there.
    reachable: bool
    #: Signaling services of the endpoint, and how many of them were connected, or told no state.
    signalings: int
    #: How many of them are connected.
    signalings_connected: int
    #: Signals of this connection.
    signals_sent: int
    #: Signals that came from the peer.
    signals_received: int
    #: ICE candidates the peer was told: addresses of this machine, as seen by a STUN server, of relays.
    local_host: int
    local_public: int
    local_relay: int
    #: And those the peer told.
    remote_host: int
    remote_public: int
    remote_relay: int
    #: a pair of candidates worked, at some time.
    pair_found: bool
    #: STUN and TURN servers that did not answer, refused user or password, failed otherwise.
    servers_silent: int
    #: Those that refused user or password.
    servers_refused: int
    #: Those that failed otherwise.
    servers_failed: int
    #: One line: what is wrong. UTF-8, may be empty.
    summary: str
    #: What was tried, several lines, each ended by a newline.
    text: str

    def __post_init__(self) -> None:
        object.__setattr__(self, 'stage', Stage(self.stage))
        object.__setattr__(self, 'state', State(self.state))
        object.__setattr__(self, 'agreed', bool(self.agreed))
        object.__setattr__(self, 'connected', bool(self.connected))
        object.__setattr__(self, 'reachable', bool(self.reachable))
        object.__setattr__(self, 'pair_found', bool(self.pair_found))


@dataclass(frozen=True)
class CertificateInfo:
    """What a certificate or request says. Nothing of it is checked."""

    kind: CertificateKind
    #: it has a signature; of a request: that of its own key, which is good.
    is_signed: bool
    #: Number of entries in `app_ids`; 0: any application (of an authority), none (of a peer).
    app_id_count: int
    #: The id of `key`.
    key_id: int
    #: The id of the key that signed it; 0 when nobody did.
    issuer: int
    #: Microseconds since 1970, UTC; 0: it does not say.
    created_unix_us: int
    #: The last moment at which it counts, likewise.
    expires_unix_us: int
    #: Its Ed25519 public key.
    key: bytes
    #: Whose it is; none of an authority's.
    identity: Optional[Identity]
    #: The applications it is for.
    app_ids: Tuple[int, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, 'kind', CertificateKind(self.kind))
        object.__setattr__(self, 'is_signed', bool(self.is_signed))
        object.__setattr__(self, 'app_ids', self.app_ids[:self.app_id_count])
