-- Runs scenarios against the Lua package: lua scenario.lua FILE [STYLE [SCENARIO...]], STYLE poll, callback or
-- coroutine. ../README.md has the format.
local here = arg[0]:match("^(.*)/") or "."
package.path = here .. "/?.lua;" .. package.path

local World = require "world"

local verbs = {}
for _, part in ipairs { "verbs_object", "verbs_message", "verbs_fact", "verbs_trust", "verbs_value" } do
  for name, verb in pairs(require(part)) do
    assert(not verbs[name], name)
    verbs[name] = verb
  end
end

--- Tokens of a line: arguments in order, KEY=VALUE by name.
local function parse(line)
  local step, at = { keys = {} }, 1
  local function value()
    if line:sub(at, at) ~= '"' then
      local text = line:match("^[^ \t]*", at)
      at = at + #text
      return text
    end
    local text = {}
    at = at + 1
    while line:sub(at, at) ~= '"' do
      local char = line:sub(at, at)
      assert(char ~= "", "a quote does not end")
      if char == "\\" then
        local hex = line:match("^x(%x%x)", at + 1)
        local after = line:sub(at + 1, at + 1)
        char = hex and string.char(tonumber(hex, 16)) or after == "n" and "\n" or after
        at = at + (hex and 4 or 2)
      else
        at = at + 1
      end
      text[#text + 1] = char
    end
    at = at + 1
    return table.concat(text)
  end
  while true do
    at = line:find("[^ \t]", at)
    if not at then
      return step
    end
    local key = line:match("^([a-z][A-Za-z0-9_.]*)=", at)
    if key then
      at = at + #key + 1
      step.keys[key] = value()
    else
      step[#step + 1] = value()
    end
  end
end

local function read(path)
  local scenarios, number = {}, 0
  for line in io.lines(path) do
    number = number + 1
    local name = line:match("^scenario%s+(%S+)")
    if name then
      scenarios[#scenarios + 1] = { name = name }
    elseif line:match("%S") and not line:match("^%s*#") then
      local step = parse(line)
      step.line = number
      local steps = scenarios[#scenarios]
      steps[#steps + 1] = step
    end
  end
  return scenarios
end

--- Runs a step; what it did not expect is an error.
local function run_step(world, step)
  local wanted
  if step[1] == "fails" then
    wanted = step[2]
    table.remove(step, 1)
    table.remove(step, 1)
  end
  local name = table.remove(step, 1)
  local verb = assert(verbs[name], "there is no verb " .. tostring(name))
  step.once = wanted ~= nil
  local ok, message, code = verb(world, step)
  for key in pairs(step.keys) do
    assert(step.used[key] or wanted, "there is no key " .. key)
  end
  if wanted then
    assert(not ok, "it does not fail")
    assert(code == wanted, ("it fails with %s: %s"):format(tostring(code), tostring(message)))
    world.failure = message
  else
    assert(ok, ("%s: %s"):format(tostring(code), tostring(message)))
  end
end

local lacking = { wake = "it is called on any thread, where Lua cannot run" }

local function run(scenario, path, style)
  local world = World.new(style)
  local line = 0
  local first = scenario[1]
  if first[1] == "needs" then
    for index = 2, #first do
      local why = lacking[first[index]] or first[index] == "server" and not os.getenv("KITH_TEST_SIGNALING")
        and "there is no server"
      if why then
        print(("skipped %s: %s"):format(scenario.name, why))
        return nil
      end
    end
    table.remove(scenario, 1)
  end
  for _, step in ipairs(scenario) do
    if step[1] == "set_signaling_state" then
      print(("skipped %s: signals are carried by carry_signals(), which has no state"):format(scenario.name))
      return nil
    end
  end
  local ok, why = world:run(function()
    for _, step in ipairs(scenario) do
      line = step.line
      step.used = {}
      step.keys = setmetatable(step.keys, nil)
      run_step(world, step)
    end
  end)
  world:tear_down()
  if not ok then
    print(("%s:%d: %s: %s"):format(path, line, scenario.name, tostring(why)))
  end
  return ok
end

local path, style = arg[1], arg[2] or "poll"
local only = {}
for index = 3, #arg do
  only[arg[index]] = true
end
local passed, failed, skipped = 0, 0, 0
for _, scenario in ipairs(read(path)) do
  if not next(only) or only[scenario.name] then
    local ok = run(scenario, path, style)
    collectgarbage()
    if ok == nil then
      skipped = skipped + 1
    elseif ok then
      passed = passed + 1
    else
      failed = failed + 1
    end
  end
end
print(("%d passed, %d failed, %d skipped"):format(passed, failed, skipped))
os.exit(failed == 0 and 0 or 1, true)
