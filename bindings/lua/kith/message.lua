-- message: what was received, or is going to be sent.
--
-- A message is released when it is collected; `message:release()` gives its memory back sooner.
-- `message:data()` is its bytes, `#message` how many; the fields below are read like those of a table.
local core = require "kith.core"
local names = require "kith.names"
local values = require "kith.values"

local methods = {}
local fields = {}
local message = {}

local RELIABLE, SEQUENCED = names.constants.SEND_RELIABLE, names.constants.SEND_SEQUENCED

--- A message of its own for connection:send_message(), with a copy of a string; or of what is at a pointer:
--- kith.message(pointer, size, options); or of so many zeros, to be written to by its pointer(): kith.message(size, options). Options:
--- mode, no_nagle, no_delay, lane, ttl, user_data.
function message.new(data, options, ...)
  local bytes, size, given = nil, data, options
  if type(data) ~= "number" then
    bytes, size, given = values.bytes(data, options, ...)
  end
  local made, why, code = core.message_new(bytes, size, data)
  if not made then
    return nil, why, code
  end
  given = given or {}
  core.message_set_flags(made, values.flags(given))
  core.message_set_lane(made, given.lane or 0)
  core.message_set_ttl_us(made, given.ttl and values.microseconds(given.ttl) or 0)
  core.message_set_user_data(made, given.user_data or 0)
  return made
end

--- Its bytes; nil once it was sent or released.
methods.data = core.message_data
--- Where its bytes lie, as light userdata, and how many: for LuaJIT's ffi.cast() and the like. As long as the message is not
--- collected, released or sent. What was received is read only; a message of kith.message() may be written to before it is sent.
methods.pointer = core.message_pointer
--- Gives its memory back now. What data() answered stays; what pointer() answered is no longer to be used.
methods.release = core.message_release

--- Who sent it: of messages to an identity.
function fields.peer(self)
  local ok, peer = core.message_peer(self)
  return ok and peer or nil
end

--- How it travelled: "reliable", "unreliable", "sequenced", "reliable_sequenced".
function fields.mode(self)
  local flags = core.message_flags(self)
  local reliable, sequenced = flags % (2 * RELIABLE) >= RELIABLE, flags % (2 * SEQUENCED) >= SEQUENCED
  return reliable and (sequenced and "reliable_sequenced" or "reliable") or (sequenced and "sequenced" or "unreliable")
end

--- Its lane.
fields.lane = core.message_lane
--- Its number, from 1 on, in its lane and direction.
fields.number = core.message_number
--- Its channel, of messages to an identity.
fields.channel = core.message_channel
--- When it arrived, in microseconds of kith.now().
fields.time_us = core.message_time_us
--- The user data of its connection when it arrived.
fields.user_data = core.message_user_data
--- How many bytes it has; as #message.
fields.size = core.message_size
--- The handle of the connection that it came through, see endpoint:connection().
fields.connection = core.message_connection
--- Its time to live in microseconds, before it is sent.
fields.ttl_us = core.message_ttl_us

local metatable = core.message_metatable()
metatable.__name = "kith.message"

function metatable.__index(self, key)
  local field = fields[key]
  if field then
    return field(self)
  end
  return methods[key]
end

function metatable.__len(self)
  return core.message_size(self)
end

function metatable.__tostring(self)
  return core.message_data(self) or "kith.message: released"
end

metatable.__close = core.message_release

return message
