-- Builds the package from the folder that `ninja lua_rock` makes, with the C files that SWIG and fields.py write:
--     luarocks make KITH_DIR=/where/kith/is/installed
rockspec_format = "3.0"
package = "kith"
version = "scm-1"
source = { url = "." }
description = {
  summary = "Encrypted messages between programs that know each other's identity",
  detailed = "Peer to peer through NATs by ICE, by address, or through relays; reliable and unreliable messages.",
  license = "MIT",
}
dependencies = { "lua >= 5.1" }
external_dependencies = { KITH = { header = "kith/kith.h", library = "kith" } }
build = {
  type = "builtin",
  modules = {
    ["kith.core"] = {
      sources = {
        "kith_lua_wrap.c", "lua_numbers.c", "lua_values.c", "lua_bytes.c", "lua_message.c", "lua_options.c", "lua_natives.c",
        "lua_log.c",
      },
      defines = { "luaopen_core=luaopen_kith_core" },
      incdirs = { "$(KITH_INCDIR)", "." },
      libdirs = { "$(KITH_LIBDIR)" },
      libraries = { "kith" },
    },
    kith = "kith/init.lua",
    ["kith.certificate"] = "kith/certificate.lua",
    ["kith.config"] = "kith/config.lua",
    ["kith.connection"] = "kith/connection.lua",
    ["kith.endpoint"] = "kith/endpoint.lua",
    ["kith.events"] = "kith/events.lua",
    ["kith.group"] = "kith/group.lua",
    ["kith.key"] = "kith/key.lua",
    ["kith.listener"] = "kith/listener.lua",
    ["kith.message"] = "kith/message.lua",
    ["kith.names"] = "kith/names.lua",
    ["kith.object"] = "kith/object.lua",
    ["kith.sessions"] = "kith/sessions.lua",
    ["kith.signaling"] = "kith/signaling.lua",
    ["kith.trust"] = "kith/trust.lua",
    ["kith.values"] = "kith/values.lua",
    ["kith.waiting"] = "kith/waiting.lua",
  },
}
