-- waiting: methods that wait for something: methods of an endpoint, a connection and a listener.
--
-- In a coroutine they yield the endpoint until the thing is there, so that any scheduler can go on with
-- something else: it resumes the coroutine after a dispatch() of that endpoint, or after the seconds that are
-- yielded with it. Elsewhere they dispatch
-- events themselves.
local core = require "kith.core"
local connection = require "kith.connection"
local listener = require "kith.listener"
local values = require "kith.values"

local waiting = {}

-- The main coroutine of a state is none that could yield; Lua 5.1 says nil of it.
local function in_coroutine()
  local running, is_main = coroutine.running()
  return running ~= nil and not is_main
end

local function timed_out()
  return nil, core.result_text(-10), "E_TIMEOUT"
end

-- Until `look()` answers something, or so many seconds have gone.
local function await(endpoint, seconds, look)
  local deadline = seconds and core.now_us() + seconds * 1e6
  while true do
    local found, message, code = look()
    if found ~= nil or message then
      return found, message, code
    end
    local left = deadline and (deadline - core.now_us()) / 1e6
    if left and left <= 0 then
      return timed_out()
    end
    if in_coroutine() then
      coroutine.yield(endpoint, left)
    else
      local ok, why, result = endpoint:dispatch(left or -1)
      if not ok and result ~= "E_INTERRUPTED" then
        return nil, why, result
      end
    end
  end
end

--- Waits until `look()` answers something.
function waiting:await(look, seconds)
  return await(self, seconds, look)
end

local function failure(ended)
  return nil, ended.text ~= "" and ended.text or core.reason_name(ended.reason), ended.result or "E_CLOSED"
end

--- Waits until the connection is up: itself, or nil, message, code.
function connection:await(seconds)
  local fields = core.fields(self)
  return await(fields.endpoint, seconds, function()
    if fields.ended then
      return failure(fields.ended)
    end
    local state = self:state()
    if state == "connected" then
      return self
    elseif state == "none" then
      return nil, core.result_text(-6), "E_CLOSED"
    end
  end)
end

--- Waits for the next message: the message, or nil, message, code.
function connection:await_message(seconds)
  local fields = core.fields(self)
  return await(fields.endpoint, seconds, function()
    local messages, message, code = core.connection_receive(self, 1)
    if not messages then
      if fields.ended then
        return failure(fields.ended)
      elseif code == "E_CLOSED" then
        return nil -- the event that says why is on its way
      end
      return nil, message, code
    end
    return messages[1]
  end)
end

--- Sends, and waits for room where there is none. With a pointer: await_send(pointer, size, options, seconds).
function connection:await_send(data, options, seconds, ...)
  local _, size, given, patience = values.bytes(data, options, seconds, ...)
  return await(core.fields(self).endpoint, patience, function()
    -- The options stand behind a string, and behind a pointer's size.
    local number, message, code = self:send(data, size or given, given)
    if not number and code == "E_AGAIN" then
      return nil
    end
    return number, message, code
  end)
end

--- Waits for a peer that asks, and accepts it.
function listener:await(seconds)
  local fields = core.fields(self)
  return await(fields.endpoint, seconds, function()
    local asking = table.remove(fields.waiting, 1)
    if asking and asking:accept() then
      return asking
    end
  end)
end

return waiting
