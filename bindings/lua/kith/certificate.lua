-- certificate: making and reading certificates, as an authority and its clients do.
local core = require "kith.core"
local names = require "kith.names"
local values = require "kith.values"

local certificate = {}

--- What the library says of one, for programs.
function certificate.from_library(ok, fields, code)
  if not ok then
    return nil, fields, code
  end
  values.convert(fields, { kind = "CERTIFICATE" })
  for index = #fields.app_ids, fields.app_id_count + 1, -1 do
    fields.app_ids[index] = nil
  end
  fields.app_id_count = nil
  return fields
end

local function options_of(options)
  local copy = {}
  for name, value in pairs(options) do
    copy[name] = value
  end
  copy.kind = names.value("CERTIFICATE", options.kind or "peer", 3)
  copy.form = options.binary and names.constants.FORM_BINARY or names.constants.FORM_TEXT
  copy.binary = nil
  return copy
end

--- Asks for a certificate: { signing_key = one's own private key, identity, app_ids, kind }.
function certificate.request(options)
  return values.one(core.certificate_request(options_of(options)))
end

--- Makes one: { signing_key, public_key, identity, expires_unix_us, created_unix_us, app_ids, kind, binary }.
function certificate.sign(options)
  return values.one(core.certificate_sign(options_of(options)))
end

--- What the certificate or request number `index` (from 0) in a text says.
function certificate.describe(text, index)
  return certificate.from_library(core.certificate_describe(text, index or 0))
end

--- All of a text's certificates as text again, or one in its binary form.
function certificate.convert(text, form)
  local number = form == "binary" and names.constants.FORM_BINARY or names.constants.FORM_TEXT
  return values.one(core.certificate_convert(text, number))
end

--- The key ids in a list of revoked keys.
certificate.revoked = core.revoked_parse

return certificate
