-- key: Ed25519 keys: strings of 32 bytes.
local core = require "kith.core"
local names = require "kith.names"
local values = require "kith.values"

local key = {}

local function wrap(call)
  return function(...)
    return values.one(call(...))
  end
end

--- A new private key.
key.generate = wrap(core.key_generate)
--- The public key of a private one.
key.public = wrap(core.key_public)
--- The identity of a private key's owner.
key.identity = wrap(core.key_identity)
--- The number of a public key in certificates.
key.id = wrap(core.key_id)
--- Reads a private key in any of its forms.
key.parse = wrap(core.key_parse)
--- Reads a public key in any of its forms.
key.parse_public = wrap(core.key_parse_public)
--- Reads a private key from a file.
key.load = wrap(core.key_load)
--- Reads a public key from a file.
key.load_public = wrap(core.key_load_public)
--- Writes a private key to a new file that nobody else may read.
key.save = core.key_save
--- Writes a public key to a new file.
key.save_public = core.key_save_public

--- A public key as text: "file" or "ssh".
function key.text(public_key, form)
  local number = form == "ssh" and names.constants.KEY_FORM_SSH or names.constants.KEY_FORM_FILE
  return values.one(core.key_print_public(public_key, number))
end

return key
