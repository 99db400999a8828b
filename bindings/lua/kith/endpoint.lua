-- endpoint: one identity on the network.
local core = require "kith.core"
local config = require "kith.config"
local connection = require "kith.connection"
local group = require "kith.group"
local listener = require "kith.listener"
local names = require "kith.names"
local object = require "kith.object"
local sessions = require "kith.sessions"
local signaling = require "kith.signaling"
local trust = require "kith.trust"
local values = require "kith.values"

local endpoint = object.class("kith.endpoint")

for _, part in ipairs { sessions, trust, (require "kith.events"), (require "kith.waiting") } do
  for name, method in pairs(part) do
    endpoint[name] = method
  end
end

-- Options that the library has, and those that this package adds to them.
local own_options = { "identity", "private_key", "config", "app_id", "certificate", "trust", "revoked" }

local function pick(options, wanted)
  local picked = {}
  for _, name in ipairs(wanted) do
    picked[name] = options[name]
  end
  return picked
end

local function list(value)
  return type(value) == "table" and value or { value }
end

local function set_up(self, options)
  for _, url in ipairs(list(options.signaling)) do
    local opened, message, code = self:open_signaling(url)
    if not opened then
      return nil, message, code
    end
  end
  for _, server in ipairs(list(options.stun)) do
    local ok, message, code = self:add_stun_server(server)
    if not ok then
      return nil, message, code
    end
  end
  for _, server in ipairs(options.turn or {}) do
    local ok, message, code = self:add_turn_server(server.server or server[1], server.user, server.password)
    if not ok then
      return nil, message, code
    end
  end
  return self
end

local known = { signaling = true, stun = true, turn = true }
for _, name in ipairs(own_options) do
  known[name] = true
end

--- Makes one. Options: identity, private_key, app_id, certificate, trust, revoked, config = { NAME = VALUE }, signaling (a URL or
--- several), stun (a server or several), turn = { { server = ..., user = ..., password = ... } }.
function endpoint.create(options)
  options = options or {}
  for name in pairs(options) do
    if not known[name] then
      error(("there is no option '%s'"):format(tostring(name)), 2)
    end
  end
  local ok, handle, code = core.endpoint_create(pick(options, own_options))
  if not ok then
    return nil, handle, code
  end
  local self = object.new(endpoint, handle, { connections = {}, listeners = {}, groups = {}, handlers = {} })
  local made, message, why = set_up(self, options)
  if not made then
    self:close()
    return nil, message, why
  end
  return self
end

--- Ends all it owns, and itself. Nothing lingers.
function endpoint:close()
  local fields = core.fields(self)
  fields.closed = true
  fields.connections, fields.listeners, fields.groups = {}, {}, {}
  return core.endpoint_destroy(self)
end

endpoint.metatable.__gc = function(self)
  core.endpoint_destroy(self)
end

--- Who it is.
function endpoint:identity()
  return values.one(core.endpoint_identity(self))
end

--- Its public key, 32 bytes.
function endpoint:public_key()
  return values.one(core.endpoint_public_key(self))
end

--- The object of a connection's handle, as messages and events have it.
function endpoint:connection(handle)
  local fields = core.fields(self)
  local known_one = fields.connections[handle]
  if not known_one and handle ~= 0 then
    known_one = object.new(connection, handle, { endpoint = self, endpoint_fields = fields })
    fields.connections[handle] = known_one
  end
  return known_one
end

--- Listens on a virtual port (a number) or on an address (a text; port 0: the system picks one). Options: symmetric, user_data,
--- poll_group, config.
function endpoint:listen(where, options)
  local ok, handle, code
  if type(where) == "number" then
    ok, handle, code = core.endpoint_listen_port(self, where, options)
  else
    ok, handle, code = core.endpoint_listen_address(self, where, options)
  end
  if not ok then
    return nil, handle, code
  end
  local made = object.new(listener, handle, { endpoint = self, waiting = {} })
  core.fields(self).listeners[handle] = made
  return made
end

--- Connects to an identity ("str:bob") or an address ("192.0.2.1:4000"). Returns at once; "state" events, or
--- connection:await(), tell how it goes. Options: port (virtual), symmetric, peer, name, user_data, poll_group, config.
function endpoint:connect(peer, options)
  local given = {}
  for name, value in pairs(options or {}) do
    given[name == "port" and "virtual_port" or name] = value
  end
  local ok, handle, code
  if core.address_parse(peer) then
    ok, handle, code = core.endpoint_connect_address(self, peer, given)
  else
    ok, handle, code = core.endpoint_connect_identity(self, peer, given)
  end
  if not ok then
    return nil, handle, code
  end
  return self:connection(handle)
end

--- A poll group of this endpoint.
function endpoint:group()
  local ok, handle, code = core.poll_group_create(self)
  if not ok then
    return nil, handle, code
  end
  local made = object.new(group, handle, { endpoint = self })
  core.fields(self).groups[handle] = made
  return made
end

--- Opens a ready-made client for signals, "tcp://HOST:PORT".
function endpoint:open_signaling(url)
  local ok, handle, code = core.signaling_open(self, url)
  if not ok then
    return nil, handle, code
  end
  return object.new(signaling, handle, { endpoint = self })
end

--- Takes in a signal that a peer sent, a string; or receive_signal(pointer, size, from).
function endpoint:receive_signal(data, from, ...)
  local bytes, size, source = values.bytes(data, from, ...)
  return core.endpoint_receive_signal(self, source, bytes, size, data)
end

--- Adds a STUN server, "HOST:PORT", for connections made from now on.
endpoint.add_stun_server = core.endpoint_add_stun_server

--- Adds a TURN server, "turn:HOST:PORT?transport=udp".
function endpoint:add_turn_server(server, user, password)
  return core.endpoint_add_turn_server(self, server, user, password)
end

--- Has `call(subject, level, text)` called in events() and dispatch() for lines of log up to a level: "error", "warning", "info",
--- "debug".
function endpoint:set_log(level, call)
  local queue, message, code = core.log_start(self, names.value("LOG", level))
  if not queue then
    return nil, message, code
  end
  core.fields(self).log = { queue = queue, call = call }
  return true
end

--- Another level for one subject, or "all".
function endpoint:set_log_level(subject, level)
  return core.endpoint_set_log_level(self, names.value("SUBJECT", subject), names.value("LOG", level))
end

--- Reads an option, or sets it.
endpoint.config = config.access

return endpoint
