-- world: the objects of one scenario, the events that were taken, and waiting, in one of three styles.
local core = require "kith.core"
local kith = require "kith"

local World = {}
World.__index = World

local PATIENCE = 10

function World.new(style)
  assert(style == "poll" or style == "callback" or style == "coroutine", "there is no style " .. tostring(style))
  return setmetatable({ style = style, objects = {}, endpoints = {}, events = {}, carriers = {}, lines = {} }, World)
end

--- Runs the scenario: in a coroutine, or just so.
function World:run(call)
  if self.style ~= "coroutine" then
    return xpcall(call, debug.traceback)
  end
  local running = coroutine.create(call)
  while true do
    local ok, waits = coroutine.resume(running)
    if not ok then
      return false, debug.traceback(running, tostring(waits))
    elseif coroutine.status(running) == "dead" then
      return true
    end
    -- Whichever endpoint it waits for, what waits is for others to cause.
    self:take()
  end
end

function World:tear_down()
  for _, endpoint in ipairs(self.endpoints) do
    endpoint:close()
  end
  if self.folder then
    os.execute(("rm -rf '%s'"):format(self.folder))
  end
end

--- A folder of the scenario's own.
function World:path(file)
  if not self.folder then
    self.folder = os.tmpname()
    os.remove(self.folder)
    os.execute(("mkdir '%s'"):format(self.folder))
  end
  return self.folder .. "/" .. file
end

-- --- objects

function World:add(name, object)
  assert(self.objects[name] == nil, name .. " is there already")
  self.objects[name] = object
  return object
end

function World:get(name)
  return (assert(self.objects[name], "there is no " .. tostring(name)))
end

function World:add_endpoint(name, endpoint)
  self:add(name, endpoint)
  self.endpoints[#self.endpoints + 1] = endpoint
  self.events[endpoint] = {}
  self.carriers[endpoint] = {}
  if self.style ~= "poll" then
    endpoint:on("other", function(event)
      self:note(endpoint, event)
    end)
  end
  return endpoint
end

--- The name of what has a handle; "none" of none.
function World:name_of(object)
  local handle = object ~= nil and core.handle(object) or 0
  if handle == 0 then
    return "none"
  end
  for name, other in pairs(self.objects) do
    if type(other) == "userdata" and core.handle(other) == handle then
      return name
    end
  end
  return tostring(handle)
end

-- --- events

function World:note(endpoint, event)
  if event.type == "signal" then
    local carrier = self.carriers[endpoint].by_events
    if carrier then
      carrier(event.peer, event.data)
    end
  end
  table.insert(self.events[endpoint], event)
end

--- Takes an event of the first endpoint that has one.
function World:take()
  for _, endpoint in ipairs(self.endpoints) do
    if self.style == "poll" then
      local event = endpoint:next_event(0)
      if event then
        self:note(endpoint, event)
        return true
      end
    elseif (endpoint:dispatch(0, 1) or 0) > 0 then
      return true
    end
  end
  local first = self.endpoints[1]
  if first then
    first:wait(0.001)
  end
  return false
end

--- Waits until look() answers something; nil: it did not in time.
function World:await(look, seconds)
  if self.style == "coroutine" then
    return (self.endpoints[1]:await(look, seconds or PATIENCE))
  end
  local deadline = kith.now() + (seconds or PATIENCE)
  while true do
    local found = look()
    if found ~= nil then
      return found
    elseif kith.now() >= deadline then
      return nil
    end
    self:take()
  end
end

--- The oldest event of an endpoint that fits and that no step has had, or nil.
function World:find_event(endpoint, fits)
  for _, event in ipairs(self.events[endpoint]) do
    if not event.had and fits(event) then
      event.had = true
      return event
    end
  end
end

function World:await_event(endpoint, fits)
  return self:await(function()
    return self:find_event(endpoint, fits)
  end)
end

--- Takes events for so many seconds.
function World:pause(seconds)
  self:await(function() end, seconds)
end

-- --- values

--- A key of a step, which is known then.
function World.key(step, name)
  step.used[name] = true
  return step.keys[name]
end

function World.number(step, name)
  local text = World.key(step, name)
  if text == nil then
    return nil
  end
  return assert(tonumber(text), name .. " is no number")
end

function World.flag(step, name)
  return World.number(step, name) == 1
end

--- Seconds of a key in microseconds.
function World.seconds(step, name)
  local number = World.number(step, name)
  return number and number / 1e6
end

--- An identity's text, or that of what is named.
function World:identity(text)
  if text == nil or text:sub(1, 1) ~= "@" then
    return text
  end
  local object = self:get(text:sub(2))
  if type(object) == "userdata" then
    return assert(object:identity())
  end
  return object.private and assert(kith.key.identity(object.private))
    or object.public and assert(kith.identity_of_bytes(object.public))
    or assert(kith.certificate.describe(object.text)).identity
end

function World:address(text)
  if text:sub(1, 1) ~= "@" then
    return text
  end
  return assert(self:get(text:sub(2)):address())
end

function World.list(text)
  local list = {}
  for item in (text or ""):gmatch("[^,]+") do
    list[#list + 1] = item
  end
  return list
end

function World.numbers(text)
  local list = World.list(text)
  for index, item in ipairs(list) do
    list[index] = tonumber(item)
  end
  return list
end

function World.from_hex(hex)
  return (hex:gsub("%x%x", function(byte)
    return string.char(tonumber(byte, 16))
  end))
end

function World.hex(bytes)
  return (bytes:gsub(".", function(byte)
    return ("%02x"):format(byte:byte())
  end))
end

--- A value of the library's as the file writes it: names in capitals, 1 and 0, names of objects.
function World:text(value)
  if value == nil then
    return "none"
  elseif value == true or value == false then
    return value and "1" or "0"
  elseif type(value) == "userdata" then
    return self:name_of(value)
  elseif type(value) == "number" then
    local is_whole = value == math.floor(value)
    return is_whole and (math.type and math.type(value) == "integer" and "%d" or "%.0f"):format(value) or tostring(value)
  end
  return value
end

--- Certificates of the names in a list, or the public key of one key.
function World:certificates(names)
  local texts = {}
  for _, name in ipairs(World.list(names)) do
    local object = self:get(name)
    texts[#texts + 1] = object.text or assert(kith.key.text(object.public))
  end
  return #texts > 0 and table.concat(texts, "\n") or nil
end

--- A list of revoked keys.
function World:revoked(names)
  local ids = {}
  for _, name in ipairs(World.list(names)) do
    ids[#ids + 1] = self:text(self:key_id(name))
  end
  return #ids > 0 and table.concat(ids, "\n") or nil
end

--- The id of a key's, or of a certificate's.
function World:key_id(name)
  local object = self:get(name)
  local public = object.public or assert(kith.certificate.describe(object.text)).key
  return assert(kith.key.id(public))
end

local keys = { key = true, peer_key = true }
local key_ids = { key_id = true, issuer = true, root = true }

--- What is meant by @NAME in a fact about a field.
function World:meaning(text, field)
  if text == nil or text:sub(1, 1) ~= "@" then
    return text
  end
  local object = self:get(text:sub(2))
  if key_ids[field] then
    return self:text(self:key_id(text:sub(2)))
  elseif keys[field] then
    return World.hex(object.public)
  elseif type(object) == "userdata" and object.address then
    return object:address()
  end
  return self:identity(text)
end

--- Whether a value is as the FACT of a step says.
function World:holds(step, value, field)
  local is, isnt = self:meaning(World.key(step, "is"), field), self:meaning(World.key(step, "not"), field)
  local min, max, contains = World.key(step, "min"), World.key(step, "max"), World.key(step, "contains")
  local text = keys[field] and World.hex(value) or self:text(value)
  local function same(wanted)
    return text == wanted or text:upper() == wanted or (wanted == "" and value == nil) or
      (tonumber(wanted) ~= nil and not key_ids[field] and tonumber(text) == tonumber(wanted))
  end
  return (not is or same(is)) and (not isnt or not same(isnt)) and (not min or tonumber(text) >= tonumber(min)) and
    (not max or tonumber(text) <= tonumber(max)) and (not contains or text:find(contains, 1, true) ~= nil)
end

--- The content that a step names, with the batch's number `index`; nil: none.
function World.content(step, at, index)
  local size = World.number(step, "size")
  local seed = (World.number(step, "seed") or 0) + (index or 0)
  if not size then
    return step[at]
  end
  -- It repeats itself after 65,536 bytes.
  local bytes = {}
  for place = 0, math.min(size, 65536) - 1 do
    bytes[place + 1] = string.char((place * 31 + math.floor(place / 256) * 17 + seed) % 256)
  end
  local once = table.concat(bytes)
  return once:rep(math.floor(size / 65536) + 1):sub(1, size)
end

return World
