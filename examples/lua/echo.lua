-- Sends every message back, to peers that connect by address:
--
--     lua echo.lua 0.0.0.0:4000
--
-- Coroutine style: one coroutine waits for peers, and each peer has one.
local kith = require "kith"

local endpoint = assert(kith.endpoint())
local listener = assert(endpoint:listen(arg[1] or "127.0.0.1:0"))
print("ready: " .. listener:address())
io.stdout:flush()

local function serve(connection)
  while true do
    local message = connection:await_message()
    if not message then
      break
    end
    connection:await_send(message:data(), { mode = message.mode, lane = message.lane })
  end
  print("ended: " .. tostring(connection:ended() and connection:ended().reason))
  io.stdout:flush()
end

kith.spawn(function()
  while true do
    kith.spawn(serve, assert(listener:await()))
  end
end)
kith.run()
