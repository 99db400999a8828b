-- peer: one of several that call each other, in Lua: README.md has what each does.
--
--     lua peer.lua NAME OTHER...
local kith = require "kith"

local MESSAGES, STEP, REASON = 50, 1500, 1001
local name, others = arg[1], { (table.unpack or unpack)(arg, 2) }

local function content(number)
  local bytes = {}
  for i = 0, number * STEP - 1 do
    bytes[#bytes + 1] = string.char((i * 31 + math.floor(i / 256) * 17 + number) % 256)
  end
  return table.concat(bytes)
end

local contents = {}
for number = 0, MESSAGES - 1 do
  contents[number] = content(number)
end

local endpoint = assert(kith.endpoint {
  identity = "str:" .. name,
  config = { TimeoutInitial = 30000 },
  signaling = os.getenv "KITH_TEST_SIGNALING",
})
assert(endpoint:listen(1))
local echoes, called, served = {}, 0, 0
for _, other in ipairs(others) do
  echoes[assert(endpoint:connect("str:" .. other, { port = 1 }))] = 0
end

endpoint:on("incoming", function(event)
  assert(event.connection:accept())
end)

endpoint:on("state", function(event)
  local ours = echoes[event.connection]
  if event.state == "connected" and ours then
    for number = 0, MESSAGES - 1 do
      assert(event.connection:send(contents[number]))
    end
  elseif event.state == "closed_by_peer" and not ours and event.reason == REASON then
    served = served + 1
  elseif event.state ~= "connected" and event.state ~= "finding_route" then
    error("a connection ended: " .. event.text)
  end
end)

local function check_echo(connection, data)
  assert(data == contents[echoes[connection]], "an echo is not what was sent")
  echoes[connection] = echoes[connection] + 1
  if echoes[connection] < MESSAGES then
    return true
  end
  assert(connection:close { reason = REASON, text = name })
  called = called + 1
end

endpoint:on("readable", function(event)
  for message in event.connection:messages() do
    if not echoes[event.connection] then
      assert(event.connection:send(message:data()))
    elseif not check_echo(event.connection, message:data()) then
      return
    end
  end
end)

local deadline = kith.now() + 60
while called < #others or served < #others do
  assert(kith.now() < deadline, "the time is up")
  assert(endpoint:dispatch(1))
end
print(("%s: %d called, %d served"):format(name, called, served))
endpoint:close()
