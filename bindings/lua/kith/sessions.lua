-- sessions: messages to an identity, without connections: methods of an endpoint.
local core = require "kith.core"
local values = require "kith.values"

local sessions = {}

--- Sends a string to a peer; or the bytes at a pointer: send_to(peer, pointer, size, options). Options: channel, mode ("reliable",
--- "unreliable"), no_nagle, no_delay, restart.
function sessions:send_to(peer, data, options, ...)
  local bytes, size, given = values.bytes(data, options, ...)
  return core.messages_send(self, peer, given and given.channel or 0, bytes, size, values.flags(given), data)
end

--- An array of up to `max` messages that arrived on a channel, from whomever: message.peer.
function sessions:receive_from(channel, max)
  return core.messages_receive(self, channel or 0, max)
end

--- Accepts the session that a peer asks for (event "session_request"); sending to it does so too.
function sessions:accept_session(peer)
  return core.messages_accept(self, peer)
end

--- Ends or refuses a session. Options: linger, as of connection:close().
function sessions:close_session(peer, options)
  local linger = options and options.linger
  linger = linger == true and -1 or linger and values.microseconds(linger) or 0
  return core.messages_close(self, peer, linger)
end

--- Ends the use of one channel with a peer.
function sessions:close_channel(peer, channel)
  return core.messages_close_channel(self, peer, channel)
end

--- Lets small messages to a peer leave that wait for company.
function sessions:flush_session(peer)
  return core.messages_flush(self, peer)
end

--- What the session with a peer is; as connection:info().
function sessions:session_info(peer)
  return values.struct(nil, core.messages_info(self, peer))
end

--- How it fares.
function sessions:session_status(peer)
  return values.struct(nil, core.messages_status(self, peer))
end

--- What protects it.
function sessions:session_security(peer)
  return values.struct(nil, core.messages_security(self, peer))
end

--- Why it failed, or how far it is.
function sessions:session_diagnosis(peer)
  return values.struct(nil, core.messages_diagnosis(self, peer))
end

return sessions
