-- object: things with a handle, as userdata with methods. What the package keeps about one is core.fields(it).
local core = require "kith.core"

local object = {}

--- A class: methods go into it; `close` is what <close> and the garbage collector call.
function object.class(name)
  local class = {}
  local metatable = { __index = class, __name = name, class = class }
  function metatable.__tostring(self)
    return ("%s: %d"):format(name, core.handle(self))
  end
  function metatable.__eq(first, second)
    return core.handle(first) == core.handle(second)
  end
  function metatable.__close(self)
    class.close(self)
  end
  class.metatable = metatable
  return class
end

--- An object of a class, with its fields.
function object.new(class, handle, fields)
  return core.object(handle, class.metatable, fields or {})
end

return object
