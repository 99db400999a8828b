-- values: the library's structs as a program sees them: names instead of numbers, true and false.
local names = require "kith.names"

local values = {}

local families = {
  state = "STATE", old_state = "STATE", route = "ROUTE", proof = "PROOF", doubt = "DOUBT", stage = "STAGE",
  side = "SIDE", lock = "LOCK",
}
local booleans = {
  incoming = true, peer_is_gns = true, encrypted = true, has_peer_key = true, certified = true, agreed = true,
  connected = true, reachable = true, pair_found = true, is_signed = true,
}

--- Changes a table of the library's in place; `kinds` are families of fields beside those above.
function values.convert(fields, kinds)
  for field, value in pairs(fields) do
    local family = kinds and kinds[field] or families[field]
    if family then
      fields[field] = names.name(family, value)
    elseif booleans[field] then
      fields[field] = value ~= 0
    end
  end
  return fields
end

--- For calls that answer true and a struct: the struct, or nil, message, code.
function values.struct(kinds, ok, fields, code)
  if not ok then
    return nil, fields, code
  end
  return values.convert(fields, kinds)
end

--- For calls that answer true and one value: the value, or nil, message, code.
function values.one(ok, value, code)
  if not ok then
    return nil, value, code
  end
  return value
end

local modes = { unreliable = 0, reliable = 8, sequenced = 64, reliable_sequenced = 72 }

--- The flags that options of a send stand for: mode, no_nagle, no_delay, restart.
function values.flags(options, level)
  if options == nil then
    return modes.reliable
  end
  local flags = modes[options.mode or "reliable"]
  if not flags then
    error(("there is no mode '%s'"):format(tostring(options.mode)), (level or 2) + 1)
  end
  return flags + (options.no_nagle and 1 or 0) + (options.no_delay and 4 or 0) + (options.restart and 32 or 0)
end

local ffi = rawget(_G, "jit") and select(2, pcall(require, "ffi"))

--- What is sent: a string, or a pointer (light userdata, LuaJIT's cdata) and how many bytes lie there. Answers the bytes, the size
--- (nil of a string), and what stands behind them. Who casts a pointer has to keep alive what it points to.
function values.bytes(data, size, ...)
  local kind = type(data)
  if kind == "string" then
    return data, nil, size, ...
  elseif kind ~= "userdata" and (kind ~= "cdata" or tonumber(data)) then
    error(("a message is a string, or a pointer and a size, not a %s"):format(kind), 3)
  elseif size == nil or type(size) == "table" then
    error("a pointer wants the size of what it points to", 3)
  end
  return kind == "cdata" and ffi.cast("const void *", data) or data, size, ...
end

--- Seconds as microseconds; nil: for ever.
function values.microseconds(seconds)
  if seconds == nil or seconds < 0 then
    return -1
  end
  return math.floor(seconds * 1e6 + 0.5)
end

return values
