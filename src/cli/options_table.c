#include "cli/options_table.h"

#include <kith/sockets.h>

#define TO(command) (1u << (command))
#define TO_CALLERS (TO(COMMAND_PING) | TO(COMMAND_CONNECT) | TO(COMMAND_SEND))
#define TO_CALLED (TO(COMMAND_ECHO) | TO(COMMAND_LISTEN) | TO(COMMAND_RECEIVE))
#define TO_PEERS (TO_CALLERS | TO_CALLED)
#define TO_MAKERS (TO(COMMAND_CERT_REQUEST) | TO(COMMAND_CERT_SIGN) | TO(COMMAND_CERT_ROOT))
#define TO_SIGNERS (TO(COMMAND_CERT_SIGN) | TO(COMMAND_CERT_ROOT))
#define TO_TRUSTING (TO_PEERS | TO(COMMAND_CERT_CHECK))
#define TO_KEYS (TO(COMMAND_KEY_NEW) | TO(COMMAND_KEY_PUBLIC) | TO(COMMAND_KEY_IDENTITY) | TO(COMMAND_KEY_SHOW))
#define TO_CERTS (TO_MAKERS | TO(COMMAND_CERT_SHOW) | TO(COMMAND_CERT_CHECK) | TO(COMMAND_CERT_REVOKE))
#define TO_ALL (TO_PEERS | TO(COMMAND_SIGNALD) | TO(COMMAND_BENCH) | TO(COMMAND_DOCTOR) | TO_KEYS | TO_CERTS)
#define TO_NETWORK (TO_PEERS | TO(COMMAND_DOCTOR))
#define TO_RUNNING (TO_NETWORK | TO(COMMAND_SIGNALD) | TO(COMMAND_BENCH))
#define AT(field) offsetof(struct options, field)

const struct options_command options_table_commands[COMMANDS_COUNT] = {
	[COMMAND_SIGNALD] = {
		"signald", "run a signaling server", "--listen ADDR:PORT [OPTION]...",
		"Passes signals between clients that gave it their identity, so that they can find each\n"
		"other. Prints 'listening on ADDR:PORT' when it is ready and runs until it is told to stop.",
		false, 0, 0, NULL,
	},
	[COMMAND_ECHO] = {
		"echo", "accept connections and send every message back", "[--udp ADDR:PORT] [--signaling URL]... [OPTION]...",
		"Accepts connections by address (--udp), by identity (--signaling), or both, and sends each\n"
		"message back on its lane with its reliability.",
		false, 0, 0, NULL,
	},
	[COMMAND_PING] = {
		"ping", "measure round trips to a peer", "TARGET [OPTION]...",
		"Connects to TARGET, an identity or udp:HOST:PORT, and sends it messages to measure their\n"
		"round trip. Any peer that echoes will do, another 'kith ping --symmetric' too. When the\n"
		"connection takes another way, a line says so.",
		true, 0, 0, NULL,
	},
	[COMMAND_CONNECT] = {
		"connect", "carry standard input and output to a peer", "TARGET [OPTION]...",
		"Connects to TARGET, an identity or udp:HOST:PORT. Standard input goes to the peer, what the\n"
		"peer sends goes to standard output. Everything else is said on standard error.",
		true, 0, 0, NULL,
	},
	[COMMAND_LISTEN] = {
		"listen", "the other end of 'kith connect'", "[--udp ADDR:PORT] [--signaling URL]... [OPTION]...",
		"Accepts one connection by address (--udp) or by identity (--signaling). Standard input goes\n"
		"to the peer, what the peer sends goes to standard output. Everything else is said on\n"
		"standard error.",
		false, 0, 0, NULL,
	},
	[COMMAND_BENCH] = {
		"bench", "measure how fast Kith is on this machine",
		"[--quick] [--workload NAME]... [--peer NAME]... [OPTION]...",
		"Does the same work with Kith and with other means of transport, in turns, and prints what\n"
		"each needed. Everything stays on this machine. Takes some minutes; docs/benchmarks.md\n"
		"tells what the figures mean.\n\n"
		"workloads: bulk-64k bulk-1200 bulk-64 unreliable-64 unreliable-1000 ping connect\n"
		"           connect-many idle\n"
		"peers:     kith kith-ice limit udp-gso udp tcp-cubic tcp-bbr enet gns gns-manual",
		false, 0, 0, NULL,
	},
	[COMMAND_DOCTOR] = {
		"doctor", "find out what of the network works here",
		"[--stun HOST:PORT]... [--turn URL]... [--signaling URL]... [OPTION]...",
		"Asks each server given, tells what kind of NAT this machine is behind, and what would stop\n"
		"peers from connecting. Nothing is changed anywhere.",
		false, 0, 0, NULL,
	},
	[COMMAND_SEND] = {
		"send", "send files or folders to a peer", "FILE... TARGET [OPTION]...",
		"Sends each FILE, a file, a folder, or - for standard input, to TARGET, an identity or\n"
		"udp:HOST:PORT, that runs 'kith receive'. What is there already is not sent again; a\n"
		"connection that breaks is made anew, and the rest follows. Everything is checked at the end.",
		true, 1, OPTIONS_LIST_MAX - 1, "FILE",
	},
	[COMMAND_RECEIVE] = {
		"receive", "take what a peer sends", "[--udp ADDR:PORT] [--signaling URL]... [OPTION]...",
		"Accepts connections of 'kith send' by address (--udp), by identity (--signaling), or both,\n"
		"and writes what comes into a folder. Ends after one transfer.",
		false, 0, 0, NULL,
	},
	[COMMAND_KEY_NEW] = {
		"key new", "make a private key", "FILE [OPTION]...",
		"Writes a new private key to FILE, which only its owner can read, and prints the identity\n"
		"that comes with it. A file that is there is left alone.",
		false, 1, 1, "FILE",
	},
	[COMMAND_KEY_PUBLIC] = {
		"key public", "print the public key of a key", "FILE [OPTION]...",
		"Prints the public key of the key in FILE: what others get who shall believe its owner.",
		false, 1, 1, "FILE",
	},
	[COMMAND_KEY_IDENTITY] = {
		"key identity", "print the identity of a key", "FILE [OPTION]...",
		"Prints \"key:...\", by which the owner of the key in FILE can be called, and proves it.",
		false, 1, 1, "FILE",
	},
	[COMMAND_KEY_SHOW] = {
		"key show", "tell all about a key but its secret", "FILE [OPTION]...",
		"Prints which half of a key is in FILE, and its identity, id and public key.",
		false, 1, 1, "FILE",
	},
	[COMMAND_CERT_REQUEST] = {
		"cert request", "ask an authority for a certificate", "--key FILE [OPTION]...",
		"Prints a request for a certificate, signed by our key. It is no secret: hand it to the\n"
		"authority, who makes a certificate of it with 'kith cert sign'.",
		false, 0, 0, NULL,
	},
	[COMMAND_CERT_SIGN] = {
		"cert sign", "make a certificate, as an authority", "REQUEST --key FILE [OPTION]...",
		"Prints a certificate for who made REQUEST, signed by the authority's key. Make sure first\n"
		"that they are who they say: the signature says so. REQUEST can also be an older\n"
		"certificate, which is renewed, or a public key.",
		false, 1, 1, "REQUEST",
	},
	[COMMAND_CERT_ROOT] = {
		"cert root", "make the certificate of a root", "--key FILE [OPTION]...",
		"Prints a certificate of the authority's key, signed by itself: a root with an end and, if\n"
		"wanted, for some applications only. A bare public key serves as well, and has neither.",
		false, 0, 0, NULL,
	},
	[COMMAND_CERT_SHOW] = {
		"cert show", "tell what certificates and requests say", "FILE... [OPTION]...",
		"Prints what the certificates and requests in each FILE say. Nothing of it is checked.",
		false, 1, OPTIONS_LIST_MAX, "FILE",
	},
	[COMMAND_CERT_CHECK] = {
		"cert check", "would this certificate be believed?", "FILE [--trust FILE]... [OPTION]...",
		"Tells whether a program with these roots would believe the certificate in FILE now, with\n"
		"the authorities that stand beside it. Status 0: yes; 1: no, and why.",
		false, 1, 1, "FILE",
	},
	[COMMAND_CERT_REVOKE] = {
		"cert revoke", "put keys on a list of revoked ones", "LIST KEY... [OPTION]...",
		"Adds each KEY, a certificate, a file with a public key, \"key:...\" or a key's id, to LIST,\n"
		"which is made if it is not there. Programs get it with --revoked.",
		false, 2, OPTIONS_LIST_MAX, "LIST and KEY",
	},
};

const struct options_row options_table[] = {
	{ "listen", 0, TO(COMMAND_SIGNALD), OPTIONS_TEXT, AT(listen), 0, 0, "ADDR:PORT",
	  "where clients connect; [::] for any address, port 0 picks one" },
	{ "udp", 0, TO_CALLED, OPTIONS_TEXT, AT(udp), 0, 0, "ADDR:PORT",
	  "accept connections by address; port 0 picks one" },
	{ "count", 'c', TO(COMMAND_PING) | TO(COMMAND_ECHO), OPTIONS_INTEGER, AT(count), 0, INT32_MAX, "N",
	  "end after N messages (ping) or N closed connections (echo); 0: go on" },
	{ "interval", 'i', TO(COMMAND_PING), OPTIONS_SECONDS, AT(interval_usec), 0, 86400, "SECONDS",
	  "time between two messages (1); 0: as soon as a reply is there" },
	{ "size", 's', TO(COMMAND_PING), OPTIONS_INTEGER, AT(bytes), 16, KITH_MESSAGE_SIZE_MAX, "BYTES",
	  "size of a message (64), from 16 to 524288" },
	{ "unreliable", 0, TO(COMMAND_PING), OPTIONS_FLAG, AT(unreliable), 0, 0, NULL, "send messages that may be lost" },
	{ "lane", 0, TO(COMMAND_PING), OPTIONS_INTEGER, AT(lane), 0, KITH_LANES_MAX - 1, "N", "the lane to use (0)" },
	{ "messages", 0, TO(COMMAND_PING) | TO(COMMAND_ECHO), OPTIONS_FLAG, AT(messages), 0, 0, NULL,
	  "messages to an identity, without connections" },
	{ "channel", 0, TO(COMMAND_PING), OPTIONS_INTEGER, AT(channel), INT32_MIN, INT32_MAX, "N",
	  "the channel to use with --messages (0)" },
	{ "gateway", 0, TO(COMMAND_DOCTOR), OPTIONS_TEXT, AT(gateway), 0, 0, "HOST:PORT",
	  "ask this router, or 'default', whether it maps ports" },
	{ "name", 0, TO(COMMAND_SEND), OPTIONS_TEXT, AT(name), 0, 0, "NAME", "what the receiver shall call it" },
	{ "retry", 0, TO(COMMAND_SEND), OPTIONS_SECONDS, AT(retry_usec), 0, 86400, "SECONDS",
	  "how long to go on calling after the connection broke (60)" },
	{ "into", 0, TO(COMMAND_RECEIVE), OPTIONS_TEXT, AT(into), 0, 0, "FOLDER", "where to write (the present folder)" },
	{ "from", 0, TO(COMMAND_RECEIVE), OPTIONS_LIST, AT(from), 0, 0, "ID",
	  "who may send; may be given again; without it, anybody" },
	{ "overwrite", 0, TO(COMMAND_RECEIVE), OPTIONS_FLAG, AT(overwrite), 0, 0, NULL,
	  "replace files of the same name that differ" },
	{ "keep", 0, TO(COMMAND_RECEIVE), OPTIONS_FLAG, AT(keep), 0, 0, NULL, "go on after the first transfer" },
	{ "identity", 0, TO_PEERS, OPTIONS_TEXT, AT(identity), 0, 0, "ID",
	  "who we are, as str:NAME; without it, who the certificate names, or who owns the key" },
	{ "key", 0, TO_PEERS, OPTIONS_TEXT, AT(key_file), 0, 0, "FILE",
	  "private key: of 'kith key new', 32 bytes, or 64 hex digits; without it, a new one" },
	{ "cert", 0, TO_PEERS, OPTIONS_LIST, AT(certs), 0, 0, "FILE",
	  "our certificate, and those of authorities above it; may be given again" },
	{ "expect", 0, TO_CALLERS, OPTIONS_TEXT, AT(expect), 0, 0, "ID", "who must answer at udp:HOST:PORT" },
	{ "trust", 0, TO_TRUSTING, OPTIONS_LIST, AT(trusts), 0, 0, "FILE",
	  "a root to believe, a certificate or public key; may be given again" },
	{ "revoked", 0, TO_TRUSTING, OPTIONS_LIST, AT(revoked), 0, 0, "FILE",
	  "a list of keys that count no longer; may be given again" },
	{ "require", 0, TO_PEERS, OPTIONS_WORD, AT(require), 0, 0, "key|certificate|proof",
	  "what has to prove who a peer is; proof: either" },
	{ "app-id", 0, TO_TRUSTING, OPTIONS_INTEGER, AT(app_id), 0, UINT32_MAX, "N",
	  "which application this is, for certificates (0)" },
	{ "public", 0, TO(COMMAND_KEY_NEW), OPTIONS_TEXT, AT(public_file), 0, 0, "FILE", "write the public key too" },
	{ "ssh", 0, TO(COMMAND_KEY_PUBLIC), OPTIONS_FLAG, AT(ssh), 0, 0, NULL, "in OpenSSH's form, which GNS reads" },
	{ "key", 'k', TO_MAKERS, OPTIONS_TEXT, AT(key_file), 0, 0, "FILE", "the private key that signs" },
	{ "identity", 0, TO(COMMAND_CERT_REQUEST) | TO(COMMAND_CERT_SIGN) | TO(COMMAND_CERT_CHECK), OPTIONS_TEXT,
	  AT(identity), 0, 0, "ID", "whom it is for, as str:NAME" },
	{ "app-id", 0, TO_MAKERS, OPTIONS_LIST, AT(app_ids), 0, 0, "N",
	  "an application it is for; may be given again (0, or any for an authority)" },
	{ "authority", 0, TO(COMMAND_CERT_REQUEST) | TO(COMMAND_CERT_SIGN), OPTIONS_FLAG, AT(authority), 0, 0, NULL,
	  "for an authority: its owner can vouch for anybody" },
	{ "days", 'd', TO_SIGNERS, OPTIONS_INTEGER, AT(days), 1, 36500, "N", "how long it counts (365; a root 3650)" },
	{ "from", 0, TO_SIGNERS, OPTIONS_TEXT, AT(since), 0, 0, "DATE", "when it begins, as 2030-12-31 (now)" },
	{ "until", 0, TO_SIGNERS, OPTIONS_TEXT, AT(until), 0, 0, "DATE", "its last moment, in place of --days" },
	{ "chain", 0, TO(COMMAND_CERT_SIGN), OPTIONS_LIST, AT(chain), 0, 0, "FILE",
	  "put this certificate of an authority behind it; may be given again" },
	{ "binary", 0, TO_MAKERS, OPTIONS_FLAG, AT(binary), 0, 0, NULL, "bare bytes, as GNS's SetCertificate takes them" },
	{ "out", 'o', TO_MAKERS | TO(COMMAND_KEY_PUBLIC), OPTIONS_TEXT, AT(out), 0, 0, "FILE",
	  "where to write it (standard output)" },
	{ "signaling", 0, TO_NETWORK, OPTIONS_LIST, AT(signaling), 0, 0, "URL",
	  "signaling server, as tcp://HOST:PORT; may be given again" },
	{ "port", 0, TO_PEERS, OPTIONS_INTEGER, AT(port), 0, 65535, "N", "virtual port between identities (0)" },
	{ "symmetric", 0, TO_CALLERS, OPTIONS_FLAG, AT(symmetric), 0, 0, NULL, "both sides call each other" },
	{ "stun", 0, TO_NETWORK, OPTIONS_LIST, AT(stun), 0, 0, "HOST:PORT", "STUN server; may be given again" },
	{ "turn", 0, TO_NETWORK, OPTIONS_LIST, AT(turn), 0, 0, "turn:HOST:PORT[?transport=udp|tcp]",
	  "TURN relay; may be given again" },
	{ "turn-user", 0, TO_NETWORK, OPTIONS_TEXT, AT(turn_user), 0, 0, "USER", "user of the TURN relays" },
	{ "turn-password", 0, TO_NETWORK, OPTIONS_TEXT, AT(turn_password), 0, 0, "PASSWORD",
	  "password of the TURN relays" },
	{ "turn-secret", 0, TO_NETWORK, OPTIONS_TEXT, AT(turn_secret), 0, 0, "SECRET",
	  "what the TURN relays make passwords of that end, in place of --turn-password" },
	{ "share", 0, TO_PEERS, OPTIONS_SHARE, AT(share), 0, 0, "private,public,relay",
	  "which of our addresses a peer may learn" },
	{ "relay-only", 0, TO_PEERS, OPTIONS_FLAG, AT(relay_only), 0, 0, NULL,
	  "go through a relay and reveal no address of ours" },
	{ "workload", 'w', TO(COMMAND_BENCH), OPTIONS_LIST, AT(workloads), 0, 0, "NAME",
	  "measure this; may be given again (all)" },
	{ "peer", 'p', TO(COMMAND_BENCH), OPTIONS_LIST, AT(peers), 0, 0, "NAME",
	  "measure this one; may be given again (all)" },
	{ "rounds", 0, TO(COMMAND_BENCH), OPTIONS_INTEGER, AT(rounds), 1, 32, "N", "how often each is measured (5)" },
	{ "seconds", 0, TO(COMMAND_BENCH), OPTIONS_SECONDS, AT(seconds_usec), 0, 3600, "SECONDS",
	  "how long one sends (0.5) or is idle (3)" },
	{ "connections", 0, TO(COMMAND_BENCH), OPTIONS_INTEGER, AT(connections), 20, 20000, "N",
	  "how many of connect-many and idle (1000)" },
	{ "quick", 0, TO(COMMAND_BENCH), OPTIONS_FLAG, AT(quick), 0, 0, NULL,
	  "only see that all works: one short round, figures mean little" },
	{ "config", 0, TO_PEERS | TO(COMMAND_BENCH), OPTIONS_LIST, AT(config), 0, 0, "NAME=VALUE",
	  "set a configuration value" },
	{ "timeout", 0, TO_PEERS, OPTIONS_SECONDS, AT(timeout_usec), 0, 86400, "SECONDS",
	  "how long to wait for a connection" },
	{ "json", 0, TO_ALL, OPTIONS_FLAG, AT(json), 0, 0, NULL, "one JSON object a line" },
	{ "log", 0, TO_PEERS, OPTIONS_LIST, AT(log), 0, 0, "SUBJECT=LEVEL",
	  "log about a subject, as ice=debug or all=info; may be given again" },
	{ "report", 0, TO_PEERS, OPTIONS_FLAG, AT(report), 0, 0, NULL,
	  "tell all about a connection at its end, on standard error" },
	{ "hide-addresses", 0, TO_PEERS, OPTIONS_FLAG, AT(hide_addresses), 0, 0, NULL,
	  "leave addresses and names of servers out of that" },
	{ "verbose", 'v', TO_RUNNING, OPTIONS_FLAG, AT(verbose), 0, 0, NULL, "tell more on standard error" },
	{ NULL, 0, 0, OPTIONS_FLAG, 0, 0, 0, NULL, NULL },
};
