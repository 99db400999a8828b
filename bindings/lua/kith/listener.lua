-- listener: an address or virtual port where peers knock.
local core = require "kith.core"
local config = require "kith.config"
local object = require "kith.object"
local values = require "kith.values"

local listener = object.class("kith.listener")

--- Stops listening; what came through it lives on.
function listener:close()
  local fields = core.fields(self)
  core.fields(fields.endpoint).listeners[core.handle(self)] = nil
  return core.listener_close(self)
end

--- Where it listens, with the port that the system picked.
function listener:address()
  return values.one(core.listener_address(self))
end

--- Reads an option, or sets it.
listener.config = config.access

return listener
