-- verbs_value: identities, addresses, constants, names.
local kith = require "kith"
local World = require "world"

local verbs = {}
local key, number = World.key, World.number

function verbs.identity(_, step)
  local text, kind, code = kith.identity(step[1])
  if not text then
    return nil, kind, code
  end
  local wanted, print, bytes = key(step, "kind"), key(step, "print"), key(step, "bytes")
  local equals, differs = key(step, "equals"), key(step, "differs")
  assert(not wanted or kind:upper() == wanted, "its kind is " .. tostring(kind))
  assert(not print or text == print, "it is " .. text)
  assert(not bytes or World.hex(kith.identity_bytes(text)) == bytes, "its bytes are others")
  assert(not equals or kith.identity(equals) == text, "it is another")
  assert(not differs or kith.identity(differs) ~= text, "it is the same")
  return true
end

function verbs.identity_of(_, step)
  local bytes, address = key(step, "bytes"), key(step, "address")
  local text, message, code
  if bytes then
    text, message, code = kith.identity_of_bytes(World.from_hex(bytes))
  else
    text, message, code = kith.identity_of_address(address)
  end
  local wanted = key(step, "print")
  assert(not (text and wanted) or text == wanted, "it is " .. tostring(text))
  return text, message, code
end

function verbs.address(_, step)
  local text, port, code = kith.address(step[1])
  if not text and code then
    return nil, port, code
  end
  local wanted, print, equals, differs = number(step, "port"), key(step, "print"), key(step, "equals"), key(step, "differs")
  assert(not wanted or port == wanted, "its port is " .. tostring(port))
  assert(not print or text == print, "it is " .. tostring(text))
  assert(not equals or kith.address(equals) == text, "it is another")
  assert(not differs or kith.address(differs) ~= text, "it is the same")
  return true
end

function verbs.constant(_, step)
  local value = kith.constants[step[1]]
  assert(value ~= nil, "there is none")
  assert(value == tonumber(step[2]), "it is " .. tostring(value))
  return true
end

function verbs.name(_, step)
  local name = kith.name(step[1], tonumber(step[2]))
  assert(name == step[3], "it is " .. name)
  return true
end

function verbs.text(_, step)
  local text = kith.text(step[1], tonumber(step[2]))
  assert(text == step[3], "it is " .. text)
  return true
end

function verbs.reason_result(_, step)
  local code = kith.reason_code(tonumber(step[1]))
  assert(code == step[2], "it is " .. code)
  return true
end

function verbs.bucket(_, step)
  local text = kith.histogram_bucket(step[1]:lower(), tonumber(step[2]) + 1)
  assert(text == step[3], "it is " .. text)
  return true
end

function verbs.version()
  local major, minor, patch = kith.version:match("^(%d+)%.(%d+)%.(%d+)$")
  assert(major * 1000000 + minor * 1000 + patch == kith.version_number, "they do not agree")
  return true
end

function verbs.clock()
  local before = kith.now()
  assert(kith.now() >= before, "it goes back")
  return true
end

return verbs
