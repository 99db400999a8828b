-- config: options of the library, an endpoint, a listener or a connection, by name.
local core = require "kith.core"
local names = require "kith.names"
local values = require "kith.values"

local config = {}

local INT32, INT64, FLOAT = names.constants.TYPE_INT32, names.constants.TYPE_INT64, names.constants.TYPE_FLOAT

local function find(name)
  local id = core.config_find(name)
  local ok, info = core.config_describe(id)
  if not ok then
    return nil, ("there is no option '%s'"):format(tostring(name)), "E_NOT_FOUND"
  end
  return id, info
end

--- What an option is now; nil, message, code when there is none of that name.
function config.get(object, name)
  local id, info, code = find(name)
  if not id then
    return nil, info, code
  end
  if info.type == INT32 or info.type == INT64 then
    return values.one(core.config_get_int(object, id))
  elseif info.type == FLOAT then
    return values.one(core.config_get_real(object, id))
  end
  return values.one(core.config_get_text(object, id))
end

--- Sets an option: a number, a text, true or false; nil: what the level above says again.
function config.set(object, name, value)
  local id, info, code = find(name)
  if not id then
    return nil, info, code
  end
  if value == nil then
    return core.config_reset(object, id)
  elseif type(value) == "boolean" then
    value = value and 1 or 0
  end
  if type(value) == "string" then
    return core.config_set_text(object, id, value)
  elseif info.type == FLOAT then
    return core.config_set_real(object, id, value)
  elseif info.type == INT32 or info.type == INT64 then
    return core.config_set_int(object, id, value)
  end
  return core.config_set_by_name(object, name, tostring(value))
end

--- Without a value gets, with one sets: the method config() of all that has options.
function config.access(object, name, ...)
  if select("#", ...) == 0 then
    return config.get(object, name)
  end
  return config.set(object, name, (...))
end

--- An option as text.
function config.text(object, name)
  local id, info, code = find(name)
  if not id then
    return nil, info, code
  end
  return values.one(core.config_get_text(object, id))
end

--- What is known of an option: id, name, type, lock, min, max, default, text.
function config.describe(name)
  local id, info, code = find(name)
  if not id then
    return nil, info, code
  end
  local kind = info.type
  info.default = kind == FLOAT and info.default_real or info.default_integer
  if kind ~= FLOAT and kind ~= INT32 and kind ~= INT64 then
    info.default = info.default_string
  end
  info.default_real, info.default_integer, info.default_string = nil, nil, nil
  return values.convert(info, { type = "TYPE" })
end

--- Every option: for name, info in config.each() do ... end
function config.each()
  local id, count = 0, core.config_count()
  return function()
    id = id + 1
    if id <= count then
      local _, info = core.config_describe(id)
      return info.name, config.describe(info.name)
    end
  end
end

return config
