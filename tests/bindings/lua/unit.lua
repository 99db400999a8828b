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

-- What arrives, as strings.
local function received(connection, count)
  local texts = {}
  for index = 1, count do
    texts[index] = assert(connection:await_message(5)):data()
  end
  return table.concat(texts, "|")
end

function tests.bytes_at_a_pointer()
  local _, first, second = pair()
  local source = assert(kith.message("0123456789"))
  local pointer, size = source:pointer()
  assert(type(pointer) == "userdata" and size == 10)
  assert(first:send(pointer, size) == 1)
  assert(first:send(pointer, 2, { ttl = 5 }) == 2)
  assert(first:await_send(pointer, 3, { mode = "reliable" }, 5) == 3)
  assert(first:send_message(kith.message(pointer, 4, { ttl = 5 })) == 4)
  assert(first:send(pointer, 0) == 5)
  assert(received(second, 5) == "0123456789|01|012|0123|")
  source:release()
  assert(source:pointer() == nil)
  first:send("x")
  local message = assert(second:await_message(5))
  pointer, size = message:pointer()
  assert(first:send(pointer, size) and received(second, 1) == "x")
end

function tests.a_message_of_zeros_and_what_takes_pointers_beside()
  local endpoint, first, second = pair()
  local zeros = assert(kith.message(3, { user_data = 7 }))
  assert(zeros:data() == "\0\0\0" and zeros.user_data == 7)
  local pointer, size = zeros:pointer()
  assert(endpoint:send_to("str:somebody", pointer, size, { channel = 1 }) == true)
  local as_string, as_pointer = { endpoint:receive_signal("\0\0\0") }, { endpoint:receive_signal(pointer, size) }
  assert(as_string[3] == as_pointer[3] and as_string[2] == as_pointer[2])
  assert(first:send_message(zeros) == 1 and zeros:pointer() == nil)
  assert(received(second, 1) == "\0\0\0")
end

function tests.values_of_luajits_ffi()
  if not rawget(_G, "jit") then
    return
  end
  local ffi = require "ffi"
  local _, first, second = pair()
  local array = ffi.new("uint8_t[4]", { 65, 66, 67, 68 })
  local point = ffi.new("struct { uint8_t x, y; }", { 88, 89 })
  assert(first:send(array, 4) and first:send(array + 1, ffi.new("size_t", 2)) and first:send(point, ffi.sizeof(point)))
  assert(first:send(ffi.cast("const char *", "text"), 4, { ttl = 5 }) and first:await_send(array, 1, nil, 5))
  assert(received(second, 5) == "ABCD|BC|XY|text|A")
  local made = kith.message(4)
  ffi.copy(ffi.cast("void *", (made:pointer())), array, 4)
  assert(first:send_message(made))
  local message = assert(second:await_message(5))
  local bytes = ffi.cast("const uint8_t *", (message:pointer()))
  assert(bytes[0] == 65 and bytes[3] == 68 and ffi.string(bytes, #message) == "ABCD")
  for index, wrong in ipairs { ffi.new("int64_t", 5), ffi.new("uint64_t", 5), ffi.new("double", 5) } do
    assert(not pcall(first.send, first, wrong, 0), "case " .. index)
  end
  local ok, why = pcall(first.send, first, ffi.cast("void *", 0), 1)
  assert(not ok and why:find("null"), why)
end

-- Lua has no such literals, but in LuaJIT.
local function int64(text)
  return assert((loadstring or load)("return " .. text))()
end

function tests.numbers_of_64_bits_of_luajits()
  if not rawget(_G, "jit") then
    return
  end
  local endpoint, first = pair()
  for _, text in ipairs { "9223372036854775807LL", "-9223372036854775807LL", "9007199254740993ULL" } do
    assert(first:set_user_data(int64(text)))
    assert(first:user_data() .. "" == text:gsub("U?LL", ""), text)
  end
  for _, wrong in ipairs { "9223372036854775808ULL", "1i" } do
    assert(not pcall(first.set_user_data, first, int64(wrong)), wrong)
  end
  assert(not pcall(first.set_user_data, first, require("ffi").new("struct { int x; }")))
  assert(endpoint:revoke(int64("18446744073709551615ULL")) and endpoint:revoked()[1] == "18446744073709551615")
  assert(not pcall(endpoint.revoke, endpoint, int64("-1LL")))
  assert(endpoint:config("SendBufferSize", int64("300000LL")) and endpoint:config("SendBufferSize") == 300000)
  local other = assert(kith.endpoint { config = { SendBufferSize = int64("400000ULL") } })
  assert(other:config("SendBufferSize") == 400000)
  local called = assert(other:connect("127.0.0.1:9", { user_data = int64("9007199254740993LL") }))
  assert(called:user_data() == "9007199254740993")
end

function tests.no_number_is_cut()
  local endpoint, first = pair()
  local large = 2 ^ 32
  local wrong = {
    function() first:close { reason = large + 1000 } end,
    function() first:send("x", { lane = large }) end,
    function() first:send("x", { lane = 0.5 }) end,
    function() first:set_lanes(2, { 0, large }) end,
    function() first:set_lanes(2, nil, { 1, 65537 }) end,
    function() first:set_lanes(large + 1) end,
    function() first:receive(large + 1) end,
    function() kith.endpoint { app_id = large + 1 } end,
    function() kith.endpoint { app_id = -1 } end,
    function() endpoint:connect("127.0.0.1:9", { port = large + 1 }) end,
    function() endpoint:connect("127.0.0.1:9", { user_data = 0.5 }) end,
    function() endpoint:receive_from(large) end,
  }
  for index, call in ipairs(wrong) do
    local ok, message = pcall(call)
    assert(not ok and message:find("whole number") or message:find("out of range"), index .. ": " .. tostring(message))
  end
  assert(first:set_lanes(2, { 0, 1 }, { 3, 1 }))
  -- Lua would write it with an exponent.
  local _, message = kith.endpoint { config = { SendBufferSize = 2 ^ 52 } }
  assert(message:find("4503599627370496"), message)
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
    function() first:send(5) end,
    function() first:send(kith.message("x")) end,
    function() first:send(kith.message("x"), 1) end,
    function() first:send(io.stdout, 1) end,
    function() first:send((kith.message("x"):pointer())) end,
    function() first:send(kith.message("x"):pointer(), { lane = 0 }) end,
    function() first:send(kith.message("x"):pointer(), -1) end,
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

function tests.others_go_on_after_an_error_in_a_coroutine()
  local _, first, second = pair()
  local heard, thrown = nil, { "mine" }
  kith.spawn(function() heard = second:await_message(5):data() end)
  local task = kith.spawn(function() error(thrown) end)
  kith.spawn(function() first:send("still") end)
  local ok, seen = pcall(kith.run)
  assert(not ok and seen == thrown and task.traceback:find("unit.lua", 1, true))
  kith.run()
  assert(heard == "still")
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
