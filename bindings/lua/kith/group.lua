-- group: connections whose messages are received together.
local core = require "kith.core"
local object = require "kith.object"
local values = require "kith.values"

local group = object.class("kith.group")

--- Ends it; its connections live on.
function group:close()
  local fields = core.fields(self)
  core.fields(fields.endpoint).groups[core.handle(self)] = nil
  return core.poll_group_destroy(self)
end

--- An array of up to `max` messages of any member, in order of arrival.
group.receive = core.poll_group_receive

--- The same as strings.
function group:receive_strings(max)
  return core.poll_group_receive(self, max, true)
end

--- Waits until a message can be received: true, or nil, message, "E_TIMEOUT".
function group:wait(seconds)
  return core.poll_group_wait(self, values.microseconds(seconds))
end

--- A descriptor that is readable as long as a message can be received.
function group:fd()
  return values.one(core.poll_group_fd(self))
end

return group
