-- message_cost: what a message costs in Lua, by the protocol of README.md.
--
--     lua message_cost.lua MESSAGES
local kith = require "kith"

local BATCH, SIZE, WARM_UP = 64, 1024, 100

local function resident_kib()
  for line in io.lines "/proc/self/status" do
    local kib = line:match "^VmRSS:%s*(%d+)"
    if kib then
      return tonumber(kib)
    end
  end
end

local endpoint = assert(kith.endpoint())
local first, second = assert(kith.pair(endpoint, endpoint))
local batch = {}
for i = 1, BATCH do
  batch[i] = ("\0"):rep(SIZE)
end

local function run(batches)
  for _ = 1, batches do
    assert(first:send_batch(batch) == BATCH)
    local done = 0
    while done < BATCH do
      local messages = assert(second:receive_strings(BATCH))
      for i = 1, #messages do
        assert(#messages[i] == SIZE)
      end
      done = done + #messages
      if #messages == 0 then
        endpoint:dispatch(-1)
      end
    end
  end
end

local batches = math.ceil(tonumber(arg[1]) / BATCH)
run(WARM_UP)
collectgarbage()
local before, began = resident_kib(), os.clock()
run(batches)
local spent = os.clock() - began
print(("%d %.0f %d %d"):format(batches * BATCH, spent * 1e9, before, resident_kib()))
