-- names: the constants of the library, and what its numbers are called.
local core = require "kith.core"

local names = { constants = {}, of = {}, number = {} }

-- Families of constants of which a program sees the names, in lower case: STATE_CONNECTED is "connected".
local families = {
  "STATE", "ROUTE", "EVENT", "SIGNALING", "PROOF", "DOUBT", "STAGE", "IDENTITY", "LOG", "SUBJECT", "CERTIFICATE",
  "TYPE", "LOCK", "SIDE",
}

for index = 0, core.constant_count() - 1 do
  local _, name, value = core.constant_at(index)
  names.constants[name] = value
end

for _, family in ipairs(families) do
  local of, number = {}, {}
  for name, value in pairs(names.constants) do
    local rest = name:match("^" .. family .. "_(.+)$")
    if rest then
      of[value] = rest:lower()
      number[rest:lower()] = value
    end
  end
  names.of[family], names.number[family] = of, number
end

--- The name of a number, or the number: a newer library may have more.
function names.name(family, value)
  return names.of[family][value] or value
end

--- The number of a name; anything else is an error of the caller's.
function names.value(family, name, level)
  local value = names.number[family][name]
  if value == nil then
    error(("there is no %s '%s'"):format(family:lower(), tostring(name)), (level or 2) + 1)
  end
  return value
end

return names
