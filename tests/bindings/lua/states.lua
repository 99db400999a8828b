-- Two that connect peer to peer, for states.c.
local kith = require "kith"

local one, other = assert(kith.endpoint { identity = "str:one" }), assert(kith.endpoint { identity = "str:other" })
one:carry_signals(function(_, data) other:receive_signal(data) end)
other:carry_signals(function(_, data) one:receive_signal(data) end)
local listener = assert(other:listen(0))
local connection = assert(one:connect "str:other")
local deadline = kith.now() + 20
while connection:state() ~= "connected" do
  assert(kith.now() < deadline, connection:state())
  one:dispatch(0.01)
  for event in other:events(0) do
    if event.listener == listener and event.type == "incoming" then
      event.connection:accept()
    end
  end
end
