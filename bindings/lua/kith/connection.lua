-- connection: one conversation with one peer.
local core = require "kith.core"
local config = require "kith.config"
local message = require "kith.message"
local names = require "kith.names"
local object = require "kith.object"
local values = require "kith.values"

local connection = object.class("kith.connection")

--- Accepts a peer's request.
connection.accept = core.connection_accept

--- Ends it, or refuses a request. Options: reason (1000-2999), text, linger (seconds; true: as long as allowed).
function connection:close(options)
  options = options or {}
  local linger = options.linger == true and -1 or options.linger and values.microseconds(options.linger) or 0
  local fields = core.fields(self)
  fields.endpoint_fields.connections[core.handle(self)] = nil
  return core.connection_close(self, options.reason or 0, options.text, linger)
end

--- Sends a string; or the bytes at a pointer: send(pointer, size, options). Options: mode ("reliable", "unreliable", "sequenced",
--- "reliable_sequenced"), lane, ttl (seconds), no_nagle, no_delay. Returns the message's number; nil, message, "E_AGAIN" when there
--- is no room: wait for the event "writable".
function connection:send(data, options, ...)
  local bytes, size, given = values.bytes(data, options, ...)
  if given and given.ttl then
    local made, why, code = message.new(data, options, ...)
    if not made then
      return nil, why, code
    end
    return core.connection_send_message(self, made)
  end
  return core.connection_send(self, bytes, size, values.flags(given), given and given.lane or 0, data)
end

--- Sends an array of strings, at most 256, with one call. Returns how many were sent.
function connection:send_batch(array, options)
  return core.connection_send_batch(self, array, values.flags(options), options and options.lane or 0,
    options and options.ttl and values.microseconds(options.ttl) or 0)
end

--- Sends a message of kith.message(), or an array of them; they are empty then.
function connection:send_message(one)
  if type(one) == "table" then
    return core.connection_send_messages(self, one)
  end
  return core.connection_send_message(self, one)
end

--- An array of up to `max` messages that have arrived (256 at most), empty when there are none.
connection.receive = core.connection_receive

--- The same as strings: the fastest way.
function connection:receive_strings(max)
  return core.connection_receive(self, max, true)
end

--- Every message that has arrived: for message in connection:messages() do ... end
function connection:messages()
  local batch, at = {}, 0
  return function()
    at = at + 1
    if batch[at] == nil then
      batch, at = core.connection_receive(self, 64) or {}, 1
    end
    return batch[at]
  end
end

--- Lets small messages leave that wait for company.
connection.flush = core.connection_flush

--- Divides what is sent into lanes: how many, and arrays of priorities and weights.
connection.set_lanes = core.connection_set_lanes

--- Puts it into a poll group; nil: into none.
function connection:set_group(group)
  return core.connection_set_poll_group(self, group)
end

--- The number that comes with its events and messages.
function connection:user_data()
  return values.one(core.connection_user_data(self))
end

--- Changes that number.
connection.set_user_data = core.connection_set_user_data
--- A name for logs and people.
connection.set_name = core.connection_set_name

--- What it is: peer, state, route, local, remote, incoming, virtual_port, connect_time_us and so on.
function connection:info()
  return values.struct(nil, core.connection_info(self))
end

--- "connecting", "finding_route", "connected", "closed_by_peer", "problem_detected_locally"; "none" when it is gone.
function connection:state()
  local ok, info = core.connection_info(self)
  if ok then
    return names.name("STATE", info.state)
  end
  local last = core.fields(self).ended
  return last and last.state or "none"
end

--- How it ended: the event, or nil.
function connection:ended()
  return core.fields(self).ended
end

--- Who is at the other end.
function connection:peer()
  local info, why, code = self:info()
  if not info then
    return nil, why, code
  end
  return info.peer
end

--- How it fares now: ping_us, quality, rates, what is pending: docs/statistics.md.
function connection:status()
  return values.struct(nil, core.connection_status(self))
end

--- The same of one lane.
function connection:lane_status(lane)
  return values.struct(nil, core.connection_lane_status(self, lane))
end

--- Since it was made, as this side ("local") or the other ("remote") measured.
function connection:statistics(side)
  return values.struct(nil, core.connection_statistics(self, names.value("SIDE", side or "local")))
end

--- What protects it, and what proves who the peer is.
function connection:security()
  return values.struct(nil, core.connection_security(self))
end

--- Why it failed or how far it is: stage, summary, text and what was tried.
function connection:diagnosis()
  return values.struct(nil, core.connection_diagnosis(self))
end

local function hide(options)
  return options and options.hide and names.constants.HIDE_ADDRESSES or 0
end

--- All that is known of it, many lines; { hide = true }: without addresses.
function connection:report(options)
  return values.one(core.connection_report(self, hide(options)))
end

--- The way that its data takes, one line.
function connection:route(options)
  return values.one(core.connection_route(self, hide(options)))
end

--- Reads an option, or sets it.
connection.config = config.access

--- The endpoint whose connection it is.
function connection:endpoint()
  return core.fields(self).endpoint
end

return connection
