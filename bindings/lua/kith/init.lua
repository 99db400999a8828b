--- Kith: encrypted messages between programs that know each other's identity.
--
--     local kith = require "kith"
--     local endpoint = assert(kith.endpoint { identity = "str:alice", signaling = "tcp://127.0.0.1:10000" })
--     local bob = assert(assert(endpoint:connect("str:bob")):await(10))
--     bob:send("hello")
--     print(bob:await_message(10))
--
-- A function that fails answers nil, a message, and a code such as "E_AGAIN"; wrong use is an error.
-- Times are in seconds, but for fields whose names end with _us: microseconds.
local core = require "kith.core"
local config = require "kith.config"
local names = require "kith.names"
local values = require "kith.values"

local kith = {
  endpoint = (require "kith.endpoint").create,
  message = (require "kith.message").new,
  key = require "kith.key",
  certificate = require "kith.certificate",
  constants = names.constants,
}

--- The version of the library, "1.0.0".
kith.version = core.version_text()
--- The same as a number: 1000000.
kith.version_number = core.version()

--- Seconds on the clock that all times of the library are on.
function kith.now()
  return core.now_us() / 1e6
end

--- Reads or sets an option's default for the whole library.
function kith.config(name, ...)
  return config.access(0, name, ...)
end

--- Every option: for name, info in kith.options() do ... end
kith.options = config.each
--- What is known of an option: id, name, type, lock, min, max, default, text.
kith.describe_option = config.describe

--- The identity in a text as it is written, and its kind: "string", "generic", "key"...
function kith.identity(text)
  local identity, kind, code = core.identity_parse(text)
  if not identity then
    return nil, kind, code
  end
  return identity, names.name("IDENTITY", kind)
end

--- The identity of 1 to 32 bytes; of 32 it is that of a public key.
function kith.identity_of_bytes(bytes)
  return values.one(core.identity_from_bytes(bytes))
end

--- The identity of an address.
function kith.identity_of_address(address)
  return values.one(core.identity_from_address(address))
end

--- The bytes of a generic identity or a key's.
function kith.identity_bytes(identity)
  return values.one(core.identity_bytes(identity))
end

--- The address in a text as it is written, and its port.
function kith.address(text)
  return core.address_parse(text)
end

local names_of = {
  state = core.state_name, route = core.route_name, reason = core.reason_name, result = core.result_name,
  event = core.event_name, stage = core.stage_name, doubt = core.doubt_name, log = core.log_name,
  subject = core.subject_name,
}
local texts_of = { result = core.result_text, stage = core.stage_text, doubt = core.doubt_text }

--- The library's name of a number: kith.name("reason", 5003) is "TIMEOUT". Kinds: state, route, reason, result, event, stage, doubt,
--- log, subject.
function kith.name(kind, number)
  return names_of[kind](number)
end

--- One line that explains a number: of result, stage, doubt.
function kith.text(kind, number)
  return texts_of[kind](number)
end

--- The code that fits an end reason.
function kith.reason_code(reason)
  return core.result_name(core.reason_result(reason))
end

--- What a bucket (from 1) of a histogram stands for: "ping", "quality", "jitter".
function kith.histogram_bucket(histogram, bucket)
  return core.histogram_bucket(names.constants["HISTOGRAM_" .. histogram:upper()] or -1, bucket - 1)
end

--- Two connections that talk to each other: of two endpoints, or of one. Options: network, first_identity, second_identity, first and
--- second (as of endpoint:connect()).
function kith.pair(first, second, options)
  local ok, one, other = core.endpoint_pair(first, second, options)
  if not ok then
    return nil, one, other
  end
  return first:connection(one), second:connection(other)
end

local tasks = {}

--- A coroutine that kith.run() goes on with. Answers a table, of which `traceback` tells after an error where it was.
function kith.spawn(call, ...)
  local task = { coroutine = coroutine.create(call), arguments = { n = select("#", ...), ... } }
  tasks[#tasks + 1] = task
  return task
end

local unpack = table.unpack or unpack

-- Runs a task to where it waits. False: it is over; with what it threw, if it did.
local function resume(task)
  local arguments = task.arguments
  task.arguments = { n = 0 }
  local ok, waits, seconds = coroutine.resume(task.coroutine, unpack(arguments, 1, arguments.n))
  if not ok then
    local is_text = type(waits) == "string"
    task.traceback = debug.traceback(task.coroutine, is_text and waits or "")
    return false, { value = is_text and task.traceback or waits }
  end
  task.endpoint, task.seconds = waits, seconds
  return coroutine.status(task.coroutine) ~= "dead"
end

-- How long the endpoints may be waited for: until the first deadline of those who wait.
local function patience(left)
  local seconds = -1
  for _, task in ipairs(left) do
    if not task.endpoint then
      return 0
    end
    if task.seconds and (seconds < 0 or task.seconds < seconds) then
      seconds = task.seconds
    end
  end
  return seconds
end

-- Runs each task once. Those that are spawned meanwhile are behind them; of one that throws, the others are still there.
local function resume_all()
  for _ = 1, #tasks do
    local task = table.remove(tasks, 1)
    if not task then
      return -- run() was called by one of them, and has ended the rest
    end
    local alive, thrown = resume(task)
    if thrown then
      error(thrown.value, 0)
    elseif alive then
      tasks[#tasks + 1] = task
    end
  end
end

-- Lets things happen to the endpoints that are waited for.
local function dispatch_all()
  local endpoints, count = {}, 0
  for _, task in ipairs(tasks) do
    if task.endpoint and not endpoints[task.endpoint] then
      endpoints[task.endpoint] = true
      count = count + 1
    end
  end
  -- Several can only be looked at in turns.
  local seconds = count > 1 and 0.002 or patience(tasks)
  for endpoint in pairs(endpoints) do
    endpoint:dispatch(seconds)
  end
end

--- Runs every spawned coroutine until all are over. An error in one comes out here, and that one is over; the others go on with the
--- next run(). A program with a loop of its own resumes its coroutines itself.
function kith.run()
  while #tasks > 0 do
    resume_all()
    dispatch_all()
  end
end

return kith
