-- verbs_message: sending and receiving, through connections, groups and sessions.
local kith = require "kith"
local core = require "kith.core"
local World = require "world"

local verbs = {}
local key, number, flag, seconds = World.key, World.number, World.flag, World.seconds

local function options_of(step)
  return {
    mode = key(step, "mode"), no_nagle = flag(step, "no_nagle"), no_delay = flag(step, "no_delay"),
    lane = number(step, "lane"), ttl = seconds(step, "ttl_us"),
  }
end

function verbs.send(world, step)
  local connection, content, options = world:get(step[1]), World.content(step, 2), options_of(step)
  local by, wanted = key(step, "by") or "copy", number(step, "number")
  local sent, message, code
  if by == "copy" then
    sent, message, code = connection:send(content, options)
  else
    local made, why, result = kith.message(content, options)
    if not made then
      return nil, why, result
    end
    sent, message, code = connection:send_message(made)
    assert(not sent or made:data() == nil, "it is not given away")
  end
  assert(not (sent and wanted) or sent == wanted, "its number is " .. tostring(sent))
  return sent, message, code
end

function verbs.send_batch(world, step)
  local connection, options, contents = world:get(step[1]), options_of(step), {}
  local count, wanted = number(step, "count"), number(step, "sent")
  for index = 0, count - 1 do
    contents[index + 1] = World.content(step, nil, index)
  end
  local sent, message, code
  if key(step, "by") == "message" then
    for index, content in ipairs(contents) do
      contents[index] = assert(kith.message(content, options))
    end
    sent, message, code = connection:send_message(contents)
  else
    sent, message, code = connection:send_batch(contents, options)
  end
  assert(not sent or sent == (wanted or count), "so many were sent: " .. tostring(sent))
  return sent, message, code
end

local function check(world, step, message, index)
  local content = World.content(step, 2, index)
  assert(content == nil or message:data() == content, "it has other bytes")
  assert(content == nil or #message == #content, "its size is another")
  for _, field in ipairs { "mode", "lane", "number", "user_data", "channel" } do
    local wanted = key(step, field)
    assert(not wanted or world:text(message[field]) == wanted, ("its %s is %s"):format(field, world:text(message[field])))
  end
  local peer, from = world:identity(key(step, "peer")), key(step, "from")
  assert(not peer or message.peer == peer, "it is from " .. tostring(message.peer))
  assert(not from or message.connection == core.handle(world:get(from)), "it came through another connection")
end

local function await_messages(world, receive)
  local failure
  local found = world:await(function()
    local messages, message, code = receive()
    if not messages then
      failure = { message, code }
      return {}
    end
    return messages[1] and messages or nil
  end)
  if failure then
    return nil, failure[1], failure[2]
  end
  assert(found, "nothing comes")
  return found
end

local function keep(world, step, message)
  local name = key(step, "keep")
  if name then
    world:add(name, message)
  else
    message:release()
  end
  return true
end

function verbs.receive(world, step)
  local from = world:get(step[1])
  local messages, message, code = await_messages(world, function()
    return from:receive(1)
  end)
  if not messages then
    return nil, message, code
  end
  check(world, step, messages[1])
  return keep(world, step, messages[1])
end

function verbs.receive_batch(world, step)
  local from, count, max = world:get(step[1]), number(step, "count"), number(step, "max") or 64
  local got = 0
  while got < count do
    local messages, message, code = await_messages(world, function()
      return from:receive(math.min(max, count - got))
    end)
    if not messages then
      return nil, message, code
    end
    for _, one in ipairs(messages) do
      check(world, step, one, got)
      one:release()
      got = got + 1
    end
  end
  return true
end

function verbs.nothing(world, step)
  world:pause(seconds(step, "for_us") or 0)
  local messages, message, code = world:get(step[1]):receive(1)
  assert(not messages or #messages == 0, "something comes")
  return messages, message, code
end

function verbs.message(world, step)
  check(world, step, world:get(step[1]))
  return true
end

function verbs.release(world, step)
  local message = world:get(step[1])
  message:release()
  message:release()
  assert(message:data() == nil, "it is still there")
  return true
end

-- --- to an identity

function verbs.send_to(world, step)
  return world:get(step[1]):send_to(world:identity(key(step, "peer")), World.content(step, 2), {
    channel = number(step, "channel"), mode = key(step, "mode"), no_nagle = flag(step, "no_nagle"),
    no_delay = flag(step, "no_delay"), restart = flag(step, "restart"),
  })
end

function verbs.receive_from(world, step)
  local endpoint, channel = world:get(step[1]), number(step, "channel") or 0
  local messages, message, code = await_messages(world, function()
    return endpoint:receive_from(channel, 1)
  end)
  if not messages then
    return nil, message, code
  end
  check(world, step, messages[1])
  return keep(world, step, messages[1])
end

function verbs.nothing_on(world, step)
  world:pause(seconds(step, "for_us") or 0)
  local messages, message, code = world:get(step[1]):receive_from(number(step, "channel") or 0, 1)
  assert(not messages or #messages == 0, "something comes")
  return messages, message, code
end

function verbs.accept_session(world, step)
  return world:get(step[1]):accept_session(world:identity(key(step, "peer")))
end

function verbs.close_session(world, step)
  local linger = number(step, "linger_us") or 0
  return world:get(step[1]):close_session(world:identity(key(step, "peer")), { linger = linger < 0 or linger / 1e6 })
end

function verbs.close_channel(world, step)
  return world:get(step[1]):close_channel(world:identity(key(step, "peer")), number(step, "channel"))
end

function verbs.flush_session(world, step)
  return world:get(step[1]):flush_session(world:identity(key(step, "peer")))
end

return verbs
