-- verbs_trust: keys, certificates, and whom an endpoint believes.
local kith = require "kith"
local World = require "world"

local verbs = {}
local key, number = World.key, World.number

local function add_key(world, step, private, message, code)
  if not private then
    return nil, message, code
  end
  return world:add(step[1], { private = private, public = assert(kith.key.public(private)) })
end

function verbs.key(world, step)
  local seed, text, file = number(step, "seed"), key(step, "text"), key(step, "file")
  if seed then
    return add_key(world, step, string.char(seed):rep(32))
  elseif text then
    return add_key(world, step, kith.key.parse(text))
  elseif file then
    return add_key(world, step, kith.key.load(world:path(file)))
  end
  return add_key(world, step, kith.key.generate())
end

function verbs.public_key(world, step)
  local text, file = key(step, "text"), key(step, "file")
  local public, message, code
  if file then
    public, message, code = kith.key.load_public(world:path(file))
  else
    public, message, code = kith.key.parse_public(text)
  end
  if not public then
    return nil, message, code
  end
  return world:add(step[1], { public = public })
end

function verbs.key_is(world, step)
  local object = world:get(step[1])
  local seen = {
    public = World.hex(object.public), identity = world:identity("@" .. step[1]),
    id = world:text(kith.key.id(object.public)), line = kith.key.text(object.public, "file"),
    ssh = kith.key.text(object.public, "ssh"),
  }
  for field, value in pairs(seen) do
    local wanted = key(step, field)
    wanted = field == "identity" and world:identity(wanted) or wanted
    assert(not wanted or wanted == value, ("%s is %s"):format(field, value))
  end
  return true
end

function verbs.save_key(world, step)
  return kith.key.save(world:path(key(step, "file")), world:get(step[1]).private)
end

function verbs.save_public(world, step)
  return kith.key.save_public(world:path(key(step, "file")), world:get(step[1]).public)
end

-- --- certificates

local function add_certificate(world, step, text, message, code)
  if not text then
    return nil, message, code
  end
  return world:add(step[1], { text = text })
end

local function options_of(world, step)
  local apps, subject, kind = key(step, "apps"), key(step, "for"), key(step, "kind")
  return {
    kind = kind and kind:lower(), identity = world:identity(key(step, "identity")),
    app_ids = apps and World.numbers(apps), public_key = subject and world:get(subject).public,
  }
end

function verbs.certificate(world, step)
  local options, asked = options_of(world, step), key(step, "request")
  if asked then
    local says, message, code = kith.certificate.describe(world:get(asked).text)
    if not says then
      return nil, message, code
    end
    options.public_key, options.identity = says.key, says.identity
    options.kind = says.identity and "peer" or "authority"
    options.app_ids = #says.app_ids > 0 and says.app_ids or nil
  end
  local now = os.time()
  options.signing_key = world:get(key(step, "signed_by")).private
  options.created_unix_us = (now + (number(step, "from_s") or 0)) * 1000000
  options.expires_unix_us = (now + (number(step, "until_s") or 3600)) * 1000000
  options.binary = key(step, "form") == "BINARY"
  return add_certificate(world, step, kith.certificate.sign(options))
end

function verbs.request(world, step)
  local options = options_of(world, step)
  options.signing_key = world:get(key(step, "by")).private
  return add_certificate(world, step, kith.certificate.request(options))
end

function verbs.convert(world, step)
  return add_certificate(world, step,
    kith.certificate.convert(world:certificates(key(step, "from")), key(step, "form"):lower()))
end

function verbs.certificate_is(world, step)
  local object = world:get(step[1])
  local says, message, code
  if type(object) == "userdata" then
    says, message, code = object:certificate()
  else
    says, message, code = kith.certificate.describe(object.text)
  end
  if not says then
    return nil, message, code
  end
  local field = step[2]
  local seen = says[field]
  if field == "app_id_count" then
    seen = #says.app_ids
  elseif field:find("^app_ids%[") then
    seen = says.app_ids[tonumber(field:match("%d+")) + 1] or 0
  end
  assert(world:holds(step, seen, field), ("%s is %s"):format(field, world:text(seen)))
  return true
end

-- --- what an endpoint presents and believes

local function names_of(step)
  return step[2] ~= "none" and step[2] or ""
end

function verbs.set_certificate(world, step)
  local own = key(step, "key")
  return world:get(step[1]):set_certificate(world:certificates(names_of(step)), own and world:get(own).private)
end

function verbs.check(world, step)
  local doubt, message, code =
    world:get(step[1]):check_certificate(world:certificates(step[2]), world:identity(key(step, "identity")))
  local wanted = key(step, "doubt")
  assert(not doubt or doubt:upper() == wanted, "it says " .. tostring(doubt))
  return doubt, message, code
end

function verbs.trust(world, step)
  return world:get(step[1]):add_trust(world:certificates(step[2]))
end

function verbs.distrust(world, step)
  return world:get(step[1]):remove_trust(world:key_id(step[2]))
end

function verbs.trusts(world, step)
  local count, believed, listed = number(step, "count"), number(step, "believed") or 1, 0
  local id, found = step[2] and world:key_id(step[2]), nil
  for says, is_believed in world:get(step[1]):trusted() do
    listed = listed + 1
    if says.key_id == id then
      found = is_believed
    end
  end
  assert(not id or found == (believed == 1), "it believes: " .. tostring(found))
  assert(not count or listed == count, "it lists " .. listed)
  return true
end

function verbs.revoke(world, step)
  return world:get(step[1]):revoke(world:key_id(step[2]))
end

function verbs.set_revoked(world, step)
  return world:get(step[1]):set_revoked(world:revoked(names_of(step)))
end

function verbs.revoked(world, step)
  local ids, count = world:get(step[1]):revoked(), number(step, "count")
  local id, found = step[2] and world:key_id(step[2]), false
  for _, one in ipairs(ids) do
    found = found or one == id
  end
  assert(not id or found, "it does not list that key")
  assert(not count or #ids == count, "it lists " .. #ids)
  return true
end

function verbs.revoked_text(_, step)
  local ids, message, code = kith.certificate.revoked(step[1])
  assert(not ids or #ids == number(step, "count"), "it has another number")
  return ids, message, code
end

return verbs
