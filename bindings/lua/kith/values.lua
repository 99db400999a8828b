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

--- What is sent has to be a string.
function values.check_bytes(data)
  if type(data) ~= "string" then
    error(("a message is a string, not a %s"):format(type(data)), 3)
  end
end

--- Seconds as microseconds; nil: for ever.
function values.microseconds(seconds)
  if seconds == nil or seconds < 0 then
    return -1
  end
  return math.floor(seconds * 1e6 + 0.5)
end

return values
