-- verbs_fact: what is known of connections and sessions, and options.
local kith = require "kith"
local World = require "world"

local verbs = {}
local key, flag = World.key, World.flag

local handles = { endpoint = true, listener = true, poll_group = true }

local function field_of(world, fields, name)
  local base, index = name:match("^(.-)%[(%d+)%]$")
  if base then
    return fields[base][tonumber(index) + 1]
  end
  if handles[name] then
    return world:name_of(fields[name])
  end
  return fields[name]
end

--- Asks until it is so; with `fails` once.
local function fact(world, step, name, ask)
  local seen, message, code
  local function look()
    local fields
    fields, message, code = ask()
    if not fields then
      return true
    end
    seen = field_of(world, fields, name)
    return world:holds(step, seen, name) or nil
  end
  if step.once then
    look()
  else
    assert(world:await(look), ("%s is %s"):format(name, world:text(seen)))
  end
  return not message, message, code
end

for _, name in ipairs { "info", "status", "security", "diagnosis" } do
  verbs[name] = function(world, step)
    local connection = world:get(step[1])
    return fact(world, step, step[2], function()
      return connection[name](connection)
    end)
  end
  verbs["session_" .. name] = function(world, step)
    local endpoint, peer = world:get(step[1]), world:identity(key(step, "peer"))
    return fact(world, step, step[2], function()
      return endpoint["session_" .. name](endpoint, peer)
    end)
  end
end

function verbs.lane_status(world, step)
  local connection = world:get(step[1])
  return fact(world, step, step[3], function()
    return connection:lane_status(tonumber(step[2]))
  end)
end

function verbs.statistics(world, step)
  local connection = world:get(step[1])
  return fact(world, step, step[3], function()
    return connection:statistics(step[2]:lower())
  end)
end

for _, name in ipairs { "route", "report" } do
  verbs[name] = function(world, step)
    local connection, options = world:get(step[1]), { hide = flag(step, "hide") }
    local contains, lacks = key(step, "contains"), key(step, "lacks")
    local text, message, code
    assert(world:await(function()
      text, message, code = connection[name](connection, options)
      return not text or ((not contains or text:find(contains, 1, true) ~= nil) and
        (not lacks or not text:find(lacks, 1, true))) or nil
    end), "it is " .. tostring(text))
    return text, message, code
  end
end

-- --- options

local function config_of(world, name)
  if name == "library" then
    return kith.config
  end
  local object = world:get(name)
  return function(...)
    return object:config(...)
  end
end

local function value_of(text, as)
  return as ~= "text" and tonumber(text) or text
end

verbs["set"] = function(world, step)
  return config_of(world, step[1])(step[2], value_of(step[3], key(step, "as")))
end

function verbs.get(world, step)
  local seen, message, code = config_of(world, step[1])(step[2])
  if seen == nil then
    return nil, message, code
  end
  assert(world:holds(step, seen, step[2]), "it is " .. world:text(seen))
  return true
end

function verbs.reset(world, step)
  return config_of(world, step[1])(step[2], nil)
end

function verbs.describe(world, step)
  local info, message, code = kith.describe_option(step[1])
  if not info then
    return nil, message, code
  end
  for _, field in ipairs { "id", "type", "min", "max", "default", "lock" } do
    local wanted = key(step, field)
    local seen = world:text(info[field])
    assert(not wanted or seen == wanted or seen:upper() == wanted or tonumber(seen) == tonumber(wanted),
      ("%s is %s"):format(field, seen))
  end
  return true
end

function verbs.options(_, step)
  local count = 0
  for name, info in kith.options() do
    assert(info.name == name and #info.text > 0, name)
    count = count + 1
  end
  assert(count >= World.number(step, "min"), "there are " .. count)
  return true
end

--- The words of the failure right before.
function verbs.error(world, step)
  local contains = key(step, "contains")
  assert(world.failure:find(contains, 1, true), "it says: " .. world.failure)
  return true
end

return verbs
