-- verbs_object: endpoints, listeners, connections, signaling, events, log.
local kith = require "kith"
local World = require "world"
local core = require "kith.core"

local verbs = {}
local key, number, flag, seconds = World.key, World.number, World.flag, World.seconds

--- What stands behind a prefix: config.NagleTime=5 is { NagleTime = "5" }.
local function prefixed(step, prefix)
  local found
  for name, value in pairs(step.keys) do
    if name:sub(1, #prefix) == prefix then
      step.used[name] = true
      found = found or {}
      found[name:sub(#prefix + 1)] = value
    end
  end
  return found
end

local function named(world, step, made, ...)
  if made then
    world:add(step[1], made)
  end
  return made, ...
end

-- --- endpoints and listeners

function verbs.endpoint(world, step)
  local own = key(step, "key")
  local trust, certificate, revoked = key(step, "trust"), key(step, "certificate"), key(step, "revoked")
  local endpoint, message, code = kith.endpoint {
    identity = world:identity(key(step, "identity")),
    private_key = own and world:get(own).private,
    app_id = number(step, "app"),
    certificate = certificate and world:certificates(certificate),
    trust = trust and world:certificates(trust),
    revoked = revoked and world:revoked(revoked),
    config = prefixed(step, "config."),
  }
  if not endpoint then
    return nil, message, code
  end
  return world:add_endpoint(step[1], endpoint)
end

function verbs.destroy(world, step)
  return world:get(step[1]):close()
end

function verbs.endpoint_is(world, step)
  local endpoint = world:get(step[1])
  local identity, message, code = endpoint:identity()
  if not identity then
    return nil, message, code
  end
  local wanted, public = key(step, "identity"), key(step, "public")
  assert(not wanted or identity == world:identity(wanted), "it is " .. identity)
  assert(not public or endpoint:public_key() == world:get(public).public, "its key is another")
  return true
end

function verbs.listen(world, step)
  local group = key(step, "group")
  local address = key(step, "address")
  return named(world, step, world:get(key(step, "on")):listen(address and world:address(address) or number(step, "port"), {
    symmetric = flag(step, "symmetric"),
    user_data = number(step, "user_data"),
    poll_group = group and world:get(group),
    config = prefixed(step, "config."),
  }))
end

function verbs.listener_is(world, step)
  local address, message, code = world:get(step[1]):address()
  if not address then
    return nil, message, code
  end
  local wanted = key(step, "address")
  local _, port = kith.address(address)
  assert(address:sub(1, #wanted) == wanted and port > 0, "it is " .. address)
  return true
end

function verbs.close_listener(world, step)
  return world:get(step[1]):close()
end

function verbs.stun(world, step)
  return world:get(step[1]):add_stun_server(step[2])
end

function verbs.turn(world, step)
  return world:get(step[1]):add_turn_server(step[2], key(step, "user"), key(step, "password"))
end

-- --- connections

local function options_of(world, step, prefix)
  local group, peer = key(step, prefix .. "group"), key(step, prefix .. "peer")
  return {
    peer = peer and world:identity(peer),
    name = key(step, prefix .. "name"),
    user_data = number(step, prefix .. "user_data"),
    poll_group = group and world:get(group),
    config = prefixed(step, prefix .. "config."),
  }
end

function verbs.connect_address(world, step)
  local options = options_of(world, step, "")
  return named(world, step, world:get(key(step, "on")):connect(world:address(key(step, "to")), options))
end

function verbs.connect_identity(world, step)
  local options = options_of(world, step, "")
  local peer = options.peer
  options.peer, options.port, options.symmetric = nil, number(step, "port"), flag(step, "symmetric")
  return named(world, step, world:get(key(step, "on")):connect(peer, options))
end

function verbs.pair(world, step)
  local first, second = world:get(key(step, "first")), world:get(key(step, "second"))
  local one, other, code = kith.pair(first, second, {
    network = flag(step, "network"),
    first_identity = world:identity(key(step, "first_identity")),
    second_identity = world:identity(key(step, "second_identity")),
    first = options_of(world, step, "first."),
    second = options_of(world, step, "second."),
  })
  if not one then
    return nil, other, code
  end
  world:add(step[1], one)
  world:add(step[2], other)
  return true
end

function verbs.incoming(world, step)
  local listener, peer = key(step, "listener"), world:identity(key(step, "peer"))
  local user_data = number(step, "user_data")
  local event = world:await_event(world:get(key(step, "on")), function(event)
    return event.type == "incoming" and (not listener or event.listener == world:get(listener))
  end)
  assert(event, "nobody asks")
  assert(not peer or event.peer == peer, "it is " .. tostring(event.peer))
  assert(not user_data or event.user_data == user_data, "user data is " .. tostring(event.user_data))
  return world:add(step[1], event.connection)
end

function verbs.accept(world, step)
  return world:get(step[1]):accept()
end

function verbs.close(world, step)
  local linger = number(step, "linger_us") or 0
  return world:get(step[1]):close {
    reason = number(step, "reason"), text = key(step, "text"), linger = linger < 0 or linger / 1e6,
  }
end

function verbs.state(world, step)
  local connection = world:get(step[1])
  assert(world:await(function()
    return connection:state() == step[2]:lower() or nil
  end), "it is " .. connection:state())
  return true
end

function verbs.ended(world, step)
  local connection = world:get(step[1])
  local event = world:await_event(connection:endpoint(), function(event)
    return event.type == "state" and event.connection == connection and
      (event.state == "closed_by_peer" or event.state == "problem_detected_locally")
  end)
  assert(event, "it does not end")
  for _, field in ipairs { "state", "reason", "text", "result", "stage" } do
    local wanted = key(step, field)
    local seen = world:text(event[field])
    seen = (field == "state" or field == "stage") and seen:upper() or seen
    assert(not wanted or seen == wanted, ("%s is %s"):format(field, seen))
  end
  return true
end

function verbs.set_user_data(world, step)
  return world:get(step[1]):set_user_data(tonumber(step[2]))
end

function verbs.set_name(world, step)
  return world:get(step[1]):set_name(step[2])
end

function verbs.user_data(world, step)
  local seen, message, code = world:get(step[1]):user_data()
  if not seen then
    return nil, message, code
  end
  assert(world:text(seen) == step[2], "it is " .. world:text(seen))
  return true
end

function verbs.lanes(world, step)
  local priorities, weights = key(step, "priorities"), key(step, "weights")
  return world:get(step[1]):set_lanes(tonumber(step[2]), priorities and World.numbers(priorities),
    weights and World.numbers(weights))
end

function verbs.flush(world, step)
  return world:get(step[1]):flush()
end

-- --- groups

function verbs.group(world, step)
  return named(world, step, world:get(key(step, "on")):group())
end

function verbs.join(world, step)
  return world:get(step[1]):set_group(step[2] ~= "none" and world:get(step[2]) or nil)
end

function verbs.destroy_group(world, step)
  return world:get(step[1]):close()
end

function verbs.wait_group(world, step)
  return world:get(step[1]):wait(seconds(step, "for_us"))
end

-- --- events

local function fits(world, step, event, wanted)
  local kind = event.type == "incoming" and "state" or event.type
  if kind ~= wanted:lower() then
    return false
  end
  for field in pairs(step.keys) do
    local value = key(step, field)
    if field ~= "for_us" then
      local seen = world:text(event[field])
      if value:sub(1, 1) == "@" then
        value = field == "peer" and world:identity(value) or world:address(value)
      end
      if seen ~= value and seen:upper() ~= value then
        return false
      end
    end
  end
  return true
end

function verbs.event(world, step)
  local event = world:await_event(world:get(step[1]), function(event)
    return fits(world, step, event, step[2])
  end)
  assert(event, "it does not come")
  return true
end

function verbs.no_event(world, step)
  local endpoint = world:get(step[1])
  world:pause(seconds(step, "for_us") or 0.05)
  assert(not world:find_event(endpoint, function(event)
    return fits(world, step, event, step[2])
  end), "it comes")
  return true
end

function verbs.wait(world, step)
  return world:get(step[1]):wait(seconds(step, "for_us"))
end

function verbs.pause(world, step)
  world:pause(seconds(step, "for_us"))
  return true
end

function verbs.descriptor(world, step)
  local fd, message, code = world:get(step[1]):fd()
  assert(not fd or fd >= 0, "it is negative")
  return fd, message, code
end

-- --- signaling

local function carrier(world, step, from)
  local lose_every, double = number(step, "lose_every") or 0, flag(step, "double")
  local self = { carried = 0 }
  function self.carry(peer, data)
    self.carried = self.carried + 1
    if lose_every > 0 and self.carried % lose_every == 0 then
      return
    end
    for _, endpoint in ipairs(world.endpoints) do
      if endpoint ~= from and endpoint:identity() == peer then
        for _ = 1, double and 2 or 1 do
          endpoint:receive_signal(data)
        end
      end
    end
  end
  return self
end

function verbs.signaling(world, step)
  local endpoint = world:get(key(step, "on"))
  local by, url = key(step, "by"), key(step, "url")
  if url or by == "server" then
    return named(world, step, endpoint:open_signaling(url or os.getenv("KITH_TEST_SIGNALING")))
  end
  local made = carrier(world, step, endpoint)
  if by == "callbacks" then
    endpoint:carry_signals(made.carry)
  else
    world.carriers[endpoint].by_events = made.carry
  end
  return world:add(step[1], made)
end

function verbs.signals(world, step)
  local made, min = world:get(step[1]), number(step, "min") or 1
  assert(world:await(function()
    return made.carried >= min or nil
  end), "only " .. made.carried .. " were carried")
  return true
end

function verbs.set_signaling_state(world, step)
  return world:get(step[1]):set_state(step[2]:lower(), key(step, "text"))
end

function verbs.signaling_state(world, step)
  local signaling = world:get(step[1])
  local state, message, code
  local ok = world:await(function()
    state, message, code = signaling:state()
    return not state or state == step[2]:lower() or nil
  end)
  assert(ok, "it is " .. tostring(state))
  return state, message, code
end

function verbs.close_signaling(world, step)
  return world:get(step[1]):close()
end

-- --- log

function verbs.log(world, step)
  local endpoint = world:get(step[1])
  local lines = {}
  world.lines[core.handle(endpoint)] = lines
  return endpoint:set_log(key(step, "level"):lower(), function(subject, level, text)
    lines[#lines + 1] = { subject = subject, level = level, text = text }
  end)
end

function verbs.log_level(world, step)
  return world:get(step[1]):set_log_level(key(step, "subject"):lower(), key(step, "level"):lower())
end

function verbs.logged(world, step)
  local lines = world.lines[core.handle(world:get(step[1]))]
  local subject, level, contains = key(step, "subject"), key(step, "level"), key(step, "contains")
  assert(world:await(function()
    for _, line in ipairs(lines) do
      if (not subject or line.subject == subject:lower()) and (not level or line.level == level:lower()) and
        (not contains or line.text:find(contains, 1, true)) then
        return true
      end
    end
  end), "no line is like that")
  return true
end

return verbs
