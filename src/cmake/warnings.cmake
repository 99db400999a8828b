# The warnings every source is compiled with; rooms of the core get the conversion ones too.
option(KITH_WERROR "Treat compiler warnings as errors" ON)

set(KITH_WARNINGS -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes -Wmissing-prototypes
	-Wpointer-arith -Wwrite-strings -Wvla)
if(KITH_WERROR)
	list(APPEND KITH_WARNINGS -Werror)
endif()
set(KITH_CORE_WARNINGS -Wconversion)
