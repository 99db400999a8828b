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

--- A message of its own for connection:send_message(): options are mode, no_nagle, no_delay, lane, ttl, user_data.
function message.new(data, options)
  values.check_bytes(data)
  local ok, made, code = core.message_new(data)
  if not ok then
    return nil, made, code
  end
  options = options or {}
  core.message_set_flags(made, values.flags(options))
  core.message_set_lane(made, options.lane or 0)
  core.message_set_ttl_us(made, options.ttl and values.microseconds(options.ttl) or 0)
  core.message_set_user_data(made, options.user_data or 0)
  return made
end

--- Its bytes; nil once it was sent or released.
methods.data = core.message_data
--- Gives its memory back now. What data() answered stays.
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
