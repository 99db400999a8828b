-- trust: what an endpoint presents and whom it believes: methods of an endpoint.
local core = require "kith.core"
local names = require "kith.names"
local certificate = require "kith.certificate"
local values = require "kith.values"

local trust = {}

--- Presents another certificate, with another key if one is given.
function trust:set_certificate(text, private_key)
  return core.endpoint_set_certificate(self, private_key, text)
end

--- What its certificate says.
function trust:certificate()
  return certificate.from_library(core.endpoint_certificate(self))
end

--- Adds authorities: certificates, or one public key.
trust.add_trust = core.endpoint_add_trust
--- Takes back those with this key id.
trust.remove_trust = core.endpoint_remove_trust

--- Every authority: for says, believed in endpoint:trusted() do ... end
function trust:trusted()
  local index = -1
  return function()
    index = index + 1
    local ok, fields, believed = core.endpoint_trust_at(self, index)
    if ok then
      return certificate.from_library(true, fields), believed ~= 0
    end
  end
end

--- Replaces the list of revoked keys: a text, a line for each.
trust.set_revoked = core.endpoint_set_revoked
--- Adds one, by its key id.
trust.revoke = core.endpoint_revoke

--- The ids of all revoked keys, an array.
function trust:revoked()
  local ids = {}
  while true do
    local ok, id = core.endpoint_revoked_at(self, #ids)
    if not ok then
      return ids
    end
    ids[#ids + 1] = id
  end
end

--- Whether it would believe a certificate: "none", or what speaks against it.
function trust:check_certificate(text, identity)
  local doubt, message, code = values.one(core.endpoint_check_certificate(self, text, identity))
  if not doubt then
    return nil, message, code
  end
  return names.name("DOUBT", doubt)
end

return trust
