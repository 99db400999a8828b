---@meta kith
-- For language servers; made by reference.py.

---@class kith
local kith = {}

---@class kith.Connection
local kith_connection = {}

---@class kith.Endpoint
local kith_endpoint = {}

---@class kith.Group
local kith_group = {}

---@class kith.Listener
local kith_listener = {}

---@class kith.Message
local kith_message = {}

---@class kith.Signaling
local kith_signaling = {}

---@class kith.certificate
local kith_certificate = {}

---@class kith.key
local kith_key = {}

--- The version of the library, "1.0.0".
kith.version = nil

--- The same as a number: 1000000.
kith.version_number = nil

--- Seconds on the clock that all times of the library are on.
function kith.now() end

--- Reads or sets an option's default for the whole library.
function kith.config(name, ...) end

--- Every option: for name, info in kith.options() do ... end
function kith.options() end

--- What is known of an option: id, name, type, lock, min, max, default, text.
function kith.describe_option(name) end

--- The identity in a text as it is written, and its kind: "string", "generic", "key"...
function kith.identity(text) end

--- The identity of 1 to 32 bytes; of 32 it is that of a public key.
function kith.identity_of_bytes(bytes) end

--- The identity of an address.
function kith.identity_of_address(address) end

--- The bytes of a generic identity or a key's.
function kith.identity_bytes(identity) end

--- The address in a text as it is written, and its port.
function kith.address(text) end

--- The library's name of a number: kith.name("reason", 5003) is "TIMEOUT". Kinds: state, route, reason, result, event, stage, doubt, log, subject.
function kith.name(kind, number) end

--- One line that explains a number: of result, stage, doubt.
function kith.text(kind, number) end

--- The code that fits an end reason.
function kith.reason_code(reason) end

--- What a bucket (from 1) of a histogram stands for: "ping", "quality", "jitter".
function kith.histogram_bucket(histogram, bucket) end

--- Two connections that talk to each other: of two endpoints, or of one. Options: network, first_identity, second_identity, first and second (as of endpoint:connect()).
function kith.pair(first, second, options) end

--- A coroutine that kith.run() goes on with. Answers a table, of which `traceback` tells after an error where it was.
function kith.spawn(call, ...) end

--- Runs every spawned coroutine until all are over. An error in one comes out here, and that one is over; the others go on with the next run(). A program with a loop of its own resumes its coroutines itself.
function kith.run() end

--- Makes one. Options: identity, private_key, app_id, certificate, trust, revoked, config = { NAME = VALUE }, signaling (a URL or several), stun (a server or several), turn = { { server = ..., user = ..., password = ... } }.
---@return kith.Endpoint?, string?, string?
function kith.endpoint(options) end

--- Ends all it owns, and itself. Nothing lingers.
function kith_endpoint:close() end

--- Who it is.
function kith_endpoint:identity() end

--- Its public key, 32 bytes.
function kith_endpoint:public_key() end

--- The object of a connection's handle, as messages and events have it.
function kith_endpoint:connection(handle) end

--- Listens on a virtual port (a number) or on an address (a text; port 0: the system picks one). Options: symmetric, user_data, poll_group, config.
function kith_endpoint:listen(where, options) end

--- Connects to an identity ("str:bob") or an address ("192.0.2.1:4000"). Returns at once; "state" events, or connection:await(), tell how it goes. Options: port (virtual), symmetric, peer, name, user_data, poll_group, config.
function kith_endpoint:connect(peer, options) end

--- A poll group of this endpoint.
function kith_endpoint:group() end

--- Opens a ready-made client for signals, "tcp://HOST:PORT".
function kith_endpoint:open_signaling(url) end

--- Takes in a signal that a peer sent, a string; or receive_signal(pointer, size, from).
function kith_endpoint:receive_signal(data, from, ...) end

--- Adds a STUN server, "HOST:PORT", for connections made from now on.
function kith_endpoint:add_stun_server(server) end

--- Adds a TURN server, "turn:HOST:PORT?transport=udp".
function kith_endpoint:add_turn_server(server, user, password) end

--- Has `call(subject, level, text)` called in events() and dispatch() for lines of log up to a level: "error", "warning", "info", "debug".
function kith_endpoint:set_log(level, call) end

--- Another level for one subject, or "all".
function kith_endpoint:set_log_level(subject, level) end

--- Reads an option, or sets it.
function kith_endpoint:config(name, ...) end

--- The next event, or nil; waits for it up to so many seconds (0 if not said; -1: for ever). nil, message, code when the endpoint is gone or a signal handler of the process ran.
function kith_endpoint:next_event(seconds) end

--- Every event that waits: for event in endpoint:events(0) do ... end. With a time, the first is waited for so long. Of an endpoint that is closed it is an error; it may be closed inside of the loop, which ends then.
function kith_endpoint:events(seconds) end

--- Has `call(event)` called by dispatch() for events of a type; nil: no longer.
function kith_endpoint:on(kind, call) end

--- Calls the handlers for what waits, and waits for the first up to so many seconds. Returns how many events there were, `limit` at most. An error of a handler comes out here; the events behind it wait for the next call.
function kith_endpoint:dispatch(seconds, limit) end

--- Waits until an event is there: true, or nil, message, "E_TIMEOUT".
function kith_endpoint:wait(seconds) end

--- A descriptor that is readable as long as an event waits, for event loops: then dispatch(0).
function kith_endpoint:fd() end

--- `call(peer, data)` carries signals to peers; what comes from them goes to receive_signal(). For an endpoint without signaling of its own. It is called where events are taken.
function kith_endpoint:carry_signals(call) end

--- Waits until `look()` answers something.
function kith_endpoint:await(look, seconds) end

--- Waits until the connection is up: itself, or nil, message, code.
function kith_connection:await(seconds) end

--- Waits for the next message: the message, or nil, message, code.
function kith_connection:await_message(seconds) end

--- Sends, and waits for room where there is none. With a pointer: await_send(pointer, size, options, seconds).
function kith_connection:await_send(data, options, seconds, ...) end

--- Waits for a peer that asks, and accepts it.
function kith_listener:await(seconds) end

--- Sends a string to a peer; or the bytes at a pointer: send_to(peer, pointer, size, options). Options: channel, mode ("reliable", "unreliable"), no_nagle, no_delay, restart.
function kith_endpoint:send_to(peer, data, options, ...) end

--- An array of up to `max` messages that arrived on a channel, from whomever: message.peer.
function kith_endpoint:receive_from(channel, max) end

--- Accepts the session that a peer asks for (event "session_request"); sending to it does so too.
function kith_endpoint:accept_session(peer) end

--- Ends or refuses a session. Options: linger, as of connection:close().
function kith_endpoint:close_session(peer, options) end

--- Ends the use of one channel with a peer.
function kith_endpoint:close_channel(peer, channel) end

--- Lets small messages to a peer leave that wait for company.
function kith_endpoint:flush_session(peer) end

--- What the session with a peer is; as connection:info().
function kith_endpoint:session_info(peer) end

--- How it fares.
function kith_endpoint:session_status(peer) end

--- What protects it.
function kith_endpoint:session_security(peer) end

--- Why it failed, or how far it is.
function kith_endpoint:session_diagnosis(peer) end

--- Presents another certificate, with another key if one is given.
function kith_endpoint:set_certificate(text, private_key) end

--- What its certificate says.
function kith_endpoint:certificate() end

--- Adds authorities: certificates, or one public key.
function kith_endpoint:add_trust(data) end

--- Takes back those with this key id.
function kith_endpoint:remove_trust(key_id) end

--- Every authority: for says, believed in endpoint:trusted() do ... end
function kith_endpoint:trusted() end

--- Replaces the list of revoked keys: a text, a line for each.
function kith_endpoint:set_revoked(data) end

--- Adds one, by its key id.
function kith_endpoint:revoke(key_id) end

--- The ids of all revoked keys, an array.
function kith_endpoint:revoked() end

--- Whether it would believe a certificate: "none", or what speaks against it.
function kith_endpoint:check_certificate(text, identity) end

--- Accepts a peer's request.
function kith_connection:accept() end

--- Ends it, or refuses a request. Options: reason (1000-2999), text, linger (seconds; true: as long as allowed).
function kith_connection:close(options) end

--- Sends a string; or the bytes at a pointer: send(pointer, size, options). Options: mode ("reliable", "unreliable", "sequenced", "reliable_sequenced"), lane, ttl (seconds), no_nagle, no_delay. Returns the message's number; nil, message, "E_AGAIN" when there is no room: wait for the event "writable".
function kith_connection:send(data, options, ...) end

--- Sends an array of strings, at most 256, with one call. Returns how many were sent.
function kith_connection:send_batch(array, options) end

--- Sends a message of kith.message(), or an array of them; they are empty then.
function kith_connection:send_message(one) end

--- An array of up to `max` messages that have arrived (256 at most), empty when there are none.
function kith_connection:receive(max) end

--- The same as strings: the fastest way.
function kith_connection:receive_strings(max) end

--- Every message that has arrived: for message in connection:messages() do ... end
function kith_connection:messages() end

--- Lets small messages leave that wait for company.
function kith_connection:flush() end

--- Divides what is sent into lanes: how many, and arrays of priorities and weights.
function kith_connection:set_lanes(count, priorities, weights) end

--- Puts it into a poll group; nil: into none.
function kith_connection:set_group(group) end

--- The number that comes with its events and messages.
function kith_connection:user_data() end

--- Changes that number.
function kith_connection:set_user_data(user_data) end

--- A name for logs and people.
function kith_connection:set_name(name) end

--- What it is: peer, state, route, local, remote, incoming, virtual_port, connect_time_us and so on.
function kith_connection:info() end

--- "connecting", "finding_route", "connected", "closed_by_peer", "problem_detected_locally"; "none" when it is gone.
function kith_connection:state() end

--- How it ended: the event, or nil.
function kith_connection:ended() end

--- Who is at the other end.
function kith_connection:peer() end

--- How it fares now: ping_us, quality, rates, what is pending: docs/statistics.md.
function kith_connection:status() end

--- The same of one lane.
function kith_connection:lane_status(lane) end

--- Since it was made, as this side ("local") or the other ("remote") measured.
function kith_connection:statistics(side) end

--- What protects it, and what proves who the peer is.
function kith_connection:security() end

--- Why it failed or how far it is: stage, summary, text and what was tried.
function kith_connection:diagnosis() end

--- All that is known of it, many lines; { hide = true }: without addresses.
function kith_connection:report(options) end

--- The way that its data takes, one line.
function kith_connection:route(options) end

--- Reads an option, or sets it.
function kith_connection:config(name, ...) end

--- The endpoint whose connection it is.
function kith_connection:endpoint() end

--- Stops listening; what came through it lives on.
function kith_listener:close() end

--- Where it listens, with the port that the system picked.
function kith_listener:address() end

--- Reads an option, or sets it.
function kith_listener:config(name, ...) end

--- Ends it; its connections live on.
function kith_group:close() end

--- An array of up to `max` messages of any member, in order of arrival.
function kith_group:receive(max) end

--- The same as strings.
function kith_group:receive_strings(max) end

--- Waits until a message can be received: true, or nil, message, "E_TIMEOUT".
function kith_group:wait(seconds) end

--- A descriptor that is readable as long as a message can be received.
function kith_group:fd() end

--- Ends it; connections that are up are not touched.
function kith_signaling:close() end

--- "connecting", "connected", "failed", "none".
function kith_signaling:state() end

--- Says how it fares, for one that a program has made.
function kith_signaling:set_state(state, text) end

--- A message of its own for connection:send_message(), with a copy of a string; or of what is at a pointer: kith.message(pointer, size, options); or of so many zeros, to be written to by its pointer(): kith.message(size, options). Options: mode, no_nagle, no_delay, lane, ttl, user_data.
---@return kith.Message?, string?, string?
function kith.message(data, options, ...) end

--- Its bytes; nil once it was sent or released.
function kith_message:data() end

--- Where its bytes lie, as light userdata, and how many: for LuaJIT's ffi.cast() and the like. As long as the message is not collected, released or sent. What was received is read only; a message of kith.message() may be written to before it is sent.
function kith_message:pointer() end

--- Gives its memory back now. What data() answered stays; what pointer() answered is no longer to be used.
function kith_message:release() end

--- Who sent it: of messages to an identity.
kith_message.peer = nil

--- How it travelled: "reliable", "unreliable", "sequenced", "reliable_sequenced".
kith_message.mode = nil

--- Its lane.
kith_message.lane = nil

--- Its number, from 1 on, in its lane and direction.
kith_message.number = nil

--- Its channel, of messages to an identity.
kith_message.channel = nil

--- When it arrived, in microseconds of kith.now().
kith_message.time_us = nil

--- The user data of its connection when it arrived.
kith_message.user_data = nil

--- How many bytes it has; as #message.
kith_message.size = nil

--- The handle of the connection that it came through, see endpoint:connection().
kith_message.connection = nil

--- Its time to live in microseconds, before it is sent.
kith_message.ttl_us = nil

--- A new private key.
function kith_key.generate() end

--- The public key of a private one.
function kith_key.public(private_key) end

--- The identity of a private key's owner.
function kith_key.identity(private_key) end

--- The number of a public key in certificates.
function kith_key.id(public_key) end

--- Reads a private key in any of its forms.
function kith_key.parse(data) end

--- Reads a public key in any of its forms.
function kith_key.parse_public(data) end

--- Reads a private key from a file.
function kith_key.load(path) end

--- Reads a public key from a file.
function kith_key.load_public(path) end

--- Writes a private key to a new file that nobody else may read.
function kith_key.save(path, private_key) end

--- Writes a public key to a new file.
function kith_key.save_public(path, public_key) end

--- A public key as text: "file" or "ssh".
function kith_key.text(public_key, form) end

--- Asks for a certificate: { signing_key = one's own private key, identity, app_ids, kind }.
function kith_certificate.request(options) end

--- Makes one: { signing_key, public_key, identity, expires_unix_us, created_unix_us, app_ids, kind, binary }.
function kith_certificate.sign(options) end

--- What the certificate or request number `index` (from 0) in a text says.
function kith_certificate.describe(text, index) end

--- All of a text's certificates as text again, or one in its binary form.
function kith_certificate.convert(text, form) end

--- The key ids in a list of revoked keys.
function kith_certificate.revoked(data) end

return kith
