-- signaling: a ready-made way for the signals that bring peers together.
local core = require "kith.core"
local names = require "kith.names"
local object = require "kith.object"

local signaling = object.class("kith.signaling")

--- Ends it; connections that are up are not touched.
function signaling:close()
  return core.signaling_close(self)
end

--- "connecting", "connected", "failed", "none".
function signaling:state()
  local ok, state, code = core.signaling_state(self)
  if not ok then
    return nil, state, code
  end
  return names.name("SIGNALING", state)
end

--- Says how it fares, for one that a program has made.
function signaling:set_state(state, text)
  return core.signaling_set_state(self, names.value("SIGNALING", state), text)
end

return signaling
