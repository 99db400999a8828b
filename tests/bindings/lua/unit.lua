-- What no scenario can say: how the package behaves as Lua. Prints N passed, N failed.
local kith = require "kith"
local core = require "kith.core"

local tests = {}

local function threads()
  local count = 0
  for line in io.lines("/proc/self/status") do
    count = tonumber(line:match("^Threads:%s+(%d+)")) or count
  end
  return count
end

local function pair()
  local endpoint = assert(kith.endpoint())
  return endpoint, kith.pair(endpoint, endpoint)
end

function tests.an_endpoint_that_nobody_has_is_gone()
  collectgarbage()
  collectgarbage()
  local before = threads()
  do
    local endpoint, first = pair()
    endpoint:listen("127.0.0.1:0")
    assert(first:endpoint() == endpoint)
    assert(threads() > before)
  end
  collectgarbage()
  collectgarbage()
  assert(threads() == before, "there are " .. threads() .. " threads, and were " .. before)
end

function tests.a_connection_keeps_its_endpoint()
  local _, first, second = pair()
  collectgarbage()
  collectgarbage()
  assert(first:send("still there"))
  assert(second:await_message(5):data() == "still there")
end

function tests.messages_outlive_everything()
  local function receive()
    local endpoint, first, second = pair()
    first:send("kept")
    local message = assert(second:await_message(5))
    endpoint:close()
    return message
  end
  local message = receive()
  collectgarbage()
  assert(message:data() == "kept" and #message == 4 and tostring(message) == "kept")
end

function tests.closed_is_closed_and_no_crash()
  local endpoint, first = pair()
  endpoint:close()
  local ok, _, code = first:send("x")
  assert(ok == nil and code == "E_HANDLE")
  assert(select(3, endpoint:close()) == "E_HANDLE")
  assert(select(3, first:close()) == "E_HANDLE")
  assert(first:state() == "none")
  assert(select(3, endpoint:next_event(1)) == "E_HANDLE")
end

function tests.events_of_a_closed_endpoint_are_an_error_and_closing_ends_the_loop()
  local endpoint, first = pair()
  first:send("x")
  local count = 0
  for _ in endpoint:events(5) do
    count = count + 1
    endpoint:close()
  end
  assert(count == 1)
  local ok, message = pcall(endpoint.events, endpoint, 0)
  assert(not ok and message:find("closed"))
end

function tests.to_be_closed_variables()
  if _VERSION ~= "Lua 5.4" then
    return
  end
  local run = load [[
    local kith = ...
    local kept
    do
      local endpoint <close> = assert(kith.endpoint())
      kept = endpoint
    end
    return select(3, kept:identity())
  ]]
  assert(run(kith) == "E_HANDLE")
end

function tests.bytes_are_bytes()
  local all = {}
  for byte = 0, 255 do
    all[#all + 1] = string.char(byte)
  end
  local text = table.concat(all):rep(4)
  local _, first, second = pair()
  first:send(text)
  assert(second:await_message(5):data() == text)
  first:send("")
  assert(second:await_message(5):data() == "")
end

function tests.numbers_of_64_bits()
  local _, first = pair()
  for _, text in ipairs { "9223372036854775807", "-9223372036854775808", "9007199254740993" } do
    assert(first:set_user_data(text))
    local seen = first:user_data()
    assert((math.type and ("%d"):format(seen) or seen) == text, tostring(seen))
  end
  assert(first:set_user_data(-1) and first:user_data() == -1)
  for _, wrong in ipairs { 1.5, "x", "1e3", "9223372036854775808", 2 ^ 63 } do
    assert(not pcall(first.set_user_data, first, wrong), tostring(wrong))
  end
end

function tests.sending_tells_the_number_with_a_time_to_live_too()
  local _, first = pair()
  assert(first:send("one") == 1)
  assert(first:send("two", { ttl = 5 }) == 2)
  assert(first:send("three") == 3)
end

function tests.wrong_use_is_an_error()
  local endpoint, first = pair()
  local wrong = {
    function() kith.endpoint { identiy = "str:a" } end,
    function() first:send("x", { mode = "bogus" }) end,
    function() first:send() end,
    function() first:send({}) end,
    function() first.send("x", "y") end,
    function() first:send_batch { "x", {} } end,
    function() endpoint:listen(1, { grup = 1 }) end,
    function() endpoint:set_log("loud", print) end,
    function() kith.key.public("short") end,
    function() core.message_data(endpoint) end,
    function() core.connection_info(io.stdout) end,
    function() core.log_take(io.stdout) end,
    function() core.log_take(endpoint) end,
  }
  for index, call in ipairs(wrong) do
    local ok, message = pcall(call)
    assert(not ok and type(message) == "string", "case " .. index)
  end
end

function tests.failures_say_why()
  local endpoint = pair()
  local made, message, code = kith.endpoint { identity = "nobody" }
  assert(made == nil and code == "E_INVALID" and message:find("nobody"), message)
  made, message, code = endpoint:connect("str:")
  assert(made == nil and code == "E_INVALID" and #message > 0)
  made, message, code = endpoint:config("NagleTime", -5)
  assert(made == nil and code == "E_INVALID" and message:find("NagleTime"), message)
end

function tests.an_error_in_a_handler_comes_out_where_events_are_dispatched()
  local endpoint, first, second = pair()
  local thrown = { "a table" }
  endpoint:on("readable", function() error(thrown) end)
  first:send("x")
  local ok, seen = pcall(endpoint.dispatch, endpoint, 5)
  assert(not ok and seen == thrown)
  -- And nothing else is lost by it.
  local states = 0
  endpoint:on("readable", nil)
  endpoint:on("state", function() states = states + 1 end)
  first:close()
  while endpoint:dispatch(0.2) > 0 do end
  assert(states == 1 and second:ended().state == "closed_by_peer")
end

function tests.an_error_in_what_carries_signals_too()
  local endpoint = assert(kith.endpoint { identity = "str:a" })
  endpoint:carry_signals(function() error("no way", 0) end)
  endpoint:connect("str:b")
  local ok, message = pcall(function()
    while true do
      endpoint:dispatch(5)
    end
  end)
  assert(not ok and message == "no way", message)
end

function tests.an_endpoint_may_be_closed_in_a_handler()
  local endpoint, first = pair()
  endpoint:on("readable", function() endpoint:close() end)
  first:send("x")
  assert(endpoint:dispatch(5) == 1)
  assert(select(3, endpoint:identity()) == "E_HANDLE")
end

function tests.coroutines_wait_side_by_side()
  local _, first, second = pair()
  local order = {}
  kith.spawn(function()
    local message = assert(second:await_message(5))
    order[#order + 1] = message:data()
    assert(second:send("answer"))
  end)
  kith.spawn(function(text)
    assert(first:send(text))
    local answer = assert(first:await_message(5))
    order[#order + 1] = answer:data()
  end, "question")
  kith.run()
  assert(table.concat(order, " ") == "question answer", table.concat(order, " "))
end

function tests.waiting_has_an_end()
  local _, first = pair()
  local message, _, code = first:await_message(0.01)
  assert(message == nil and code == "E_TIMEOUT")
  kith.spawn(function()
    message, _, code = first:await_message(0.01)
    assert(message == nil and code == "E_TIMEOUT")
  end)
  kith.run()
end

function tests.an_error_in_a_coroutine_comes_out_of_run()
  kith.spawn(function() error("oh") end)
  local ok, message = pcall(kith.run)
  assert(not ok and message:find("oh"))
end

function tests.log_lines_come_where_events_are_taken()
  local endpoint = assert(kith.endpoint())
  local lines = {}
  assert(endpoint:set_log("debug", function(subject, level, text) lines[#lines + 1] = { subject, level, text } end))
  kith.pair(endpoint, endpoint)
  endpoint:listen("127.0.0.1:0")
  endpoint:connect("127.0.0.1:9")
  while #lines == 0 do
    endpoint:dispatch(0.01)
  end
  assert(type(lines[1][1]) == "string" and type(lines[1][3]) == "string")
  endpoint:close()
end

function tests.messages_in_any_order_of_collection()
  for _ = 1, 20 do
    local endpoint, first, second = pair()
    for _ = 1, 50 do
      first:send("x")
    end
    local kept = {}
    while #kept < 50 do
      kept[#kept + 1] = assert(second:await_message(5))
    end
    if math.random() < 0.5 then
      endpoint:close()
    end
  end
  collectgarbage()
end

function tests.descriptor()
  local endpoint = pair()
  assert(endpoint:fd() > 2)
end

local names, passed, failed = {}, 0, 0
for name in pairs(tests) do
  names[#names + 1] = name
end
table.sort(names)
for _, name in ipairs(names) do
  local ok, why = xpcall(tests[name], debug.traceback)
  passed, failed = passed + (ok and 1 or 0), failed + (ok and 0 or 1)
  if not ok then
    print(("FAILED: %s: %s"):format(name, why))
  end
end
print(("%d passed, %d failed"):format(passed, failed))
-- The state is closed with connections that live.
package.loaded.left = { pair() }
os.exit(failed == 0 and 0 or 1, true)
