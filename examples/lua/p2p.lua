-- Two programs that know each other's identity and nothing else; whichever is first waits for the other:
--
--     lua p2p.lua str:alice str:bob tcp://127.0.0.1:10000
--     lua p2p.lua str:bob str:alice tcp://127.0.0.1:10000
local kith = require "kith"

local me, peer, server = arg[1], arg[2], arg[3]
local endpoint = assert(kith.endpoint { identity = me, signaling = server })
local connection = assert(endpoint:connect(peer, { symmetric = true, config = { TimeoutInitial = 60000 } }))
assert(connection:await())
print("connected: " .. connection:route())
assert(connection:send("hello from " .. me))
print(assert(connection:await_message(10)):data())
connection:close { linger = true }
endpoint:dispatch(0.2)
