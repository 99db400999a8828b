-- A chat between two identities, in poll style, as a game has it: each turn takes what has happened and goes on.
--
--     lua chat.lua str:alice str:bob tcp://127.0.0.1:10000
--
-- Lua reads whole lines, so what the other says is shown when a line is entered; an empty one only looks. "/quit" ends it.
local kith = require "kith"

local me, peer, server = arg[1], arg[2], arg[3]
local endpoint = assert(kith.endpoint { identity = me, signaling = server })
local connection = assert(endpoint:connect(peer, { symmetric = true, config = { TimeoutInitial = 60000 } }))
local over = false

local function say(...)
  print(...)
  io.stdout:flush()
end

local function turn(seconds)
  for event in endpoint:events(seconds) do
    if event.type == "state" and event.state == "connected" then
      say("* connected")
    elseif event.type == "state" and event.result then
      say("* it ended: " .. event.text)
      over = true
    elseif event.type == "readable" then
      for message in connection:messages() do
        say(peer .. ": " .. message:data())
      end
    end
  end
end

while not over and connection:state() ~= "connected" do
  turn(0.1)
end
while not over do
  turn(0.1)
  local line = io.read("*l")
  if not line or line == "/quit" then
    break
  elseif line ~= "" then
    connection:send(line)
  end
end
turn(0.5)
connection:close { linger = true }
turn(0.5)
