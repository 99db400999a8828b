-- events: what happened: methods of an endpoint.
--
-- An event is a table with `type` and the fields of struct kith_event that concern it: objects instead of
-- handles, names instead of numbers. A peer that asks for a connection comes as "incoming".
local core = require "kith.core"
local names = require "kith.names"
local values = require "kith.values"

local events = {}

local SUBJECT, LOG = names.of.SUBJECT, names.of.LOG

local function drain_log(fields)
  local log = fields.log
  while log do
    local subject, level, text = core.log_take(log.queue)
    if not subject then
      return
    end
    log.call(SUBJECT[subject] or subject, LOG[level] or level, text)
  end
end

local function result_name(number)
  return number ~= 0 and core.result_name(number) or nil
end

-- Objects in place of handles. One that has ended is known by this event, and by who has it.
local function give_objects(self, fields, event)
  local handle = event.connection
  event.endpoint, event.connection = self, self:connection(handle)
  event.listener = fields.listeners[event.listener]
  event.poll_group = fields.groups[event.poll_group]
  event.signaling = event.signaling ~= 0 and event.signaling or nil
  if event.type == "state" and (event.state == "closed_by_peer" or event.state == "problem_detected_locally") then
    core.fields(event.connection).ended = event
    fields.connections[handle] = nil
  end
end

local function read(self, fields, event)
  event.type = names.name("EVENT", event.type)
  if event.type == "signaling_state" then
    event.state = names.name("SIGNALING", event.state)
    event.old_state = nil
  end
  event.result = result_name(event.result)
  if type(event.state) == "number" then
    values.convert(event)
  else
    event.route, event.stage = nil, nil
  end
  give_objects(self, fields, event)
  if event.type == "state" and event.old_state == "none" and event.listener then
    event.type = "incoming"
    local waiting = core.fields(event.listener).waiting
    waiting[#waiting + 1] = event.connection
  elseif event.type == "signal" and fields.carry then
    fields.carry(event.peer, event.data)
  end
  return event
end

--- The next event, or nil; waits for it up to so many seconds (0 if not said; -1: for ever).
--- nil, message, code when the endpoint is gone or a signal handler of the process ran.
function events:next_event(seconds)
  local fields = core.fields(self)
  local event, message, code = core.endpoint_next_event(self)
  drain_log(fields)
  if event then
    return read(self, fields, event)
  elseif message then
    return nil, message, code
  end
  if not seconds or seconds == 0 then
    return nil
  end
  local ok, why, result = core.endpoint_wait(self, values.microseconds(seconds))
  if ok then
    event, message, code = core.endpoint_next_event(self)
  elseif result ~= "E_TIMEOUT" then
    return nil, why, result
  end
  drain_log(fields)
  if event then
    return read(self, fields, event)
  end
  return nil, message, code
end

--- Every event that waits: for event in endpoint:events(0) do ... end. With a time, the first is waited for so long.
--- Of an endpoint that is closed it is an error; it may be closed inside of the loop, which ends then.
function events:events(seconds)
  if core.fields(self).closed then
    error("the endpoint is closed", 2)
  end
  return function()
    local event = self:next_event(seconds)
    seconds = 0
    return event
  end
end

--- Has `call(event)` called by dispatch() for events of a type; nil: no longer.
function events:on(kind, call)
  core.fields(self).handlers[kind] = call
  return self
end

--- Calls the handlers for what waits, and waits for the first up to so many seconds. Returns how many events there were,
--- `limit` at most. An error of a handler comes out here; the events behind it wait for the next call.
function events:dispatch(seconds, limit)
  local handlers, count = core.fields(self).handlers, 0
  local event, message, code = self:next_event(seconds)
  if not event and message then
    return nil, message, code
  end
  while event do
    count = count + 1
    local handler = handlers[event.type] or handlers.other
    if handler then
      handler(event)
    end
    event = (not limit or count < limit) and self:next_event(0) or nil
  end
  return count
end

--- Waits until an event is there: true, or nil, message, "E_TIMEOUT".
function events:wait(seconds)
  return core.endpoint_wait(self, values.microseconds(seconds))
end

--- A descriptor that is readable as long as an event waits, for event loops: then dispatch(0).
function events:fd()
  return values.one(core.endpoint_fd(self))
end

--- `call(peer, data)` carries signals to peers; what comes from them goes to receive_signal(). For an endpoint without
--- signaling of its own. It is called where events are taken.
function events:carry_signals(call)
  core.fields(self).carry = call
  return self
end

return events
