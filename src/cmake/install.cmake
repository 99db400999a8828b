# What is installed: the library, its headers, the command, kith.pc and the CMake package kith::kith.
install(TARGETS kith EXPORT kithTargets LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}
	INCLUDES DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(DIRECTORY include/kith DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})

file(WRITE ${PROJECT_BINARY_DIR}/kith.pc.in [[
prefix=@CMAKE_INSTALL_PREFIX@
libdir=${prefix}/@CMAKE_INSTALL_LIBDIR@
includedir=${prefix}/@CMAKE_INSTALL_INCLUDEDIR@

Name: kith
Description: Encrypted messages between peers, directly or through relays
Version: @PROJECT_VERSION@
Requires.private: glib-2.0 gio-2.0 nice gnutls nettle hogweed
Libs: -L${libdir} -lkith
Cflags: -I${includedir}
]])
configure_file(${PROJECT_BINARY_DIR}/kith.pc.in ${PROJECT_BINARY_DIR}/kith.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/kith.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

include(CMakePackageConfigHelpers)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/kithConfigVersion.cmake COMPATIBILITY SameMajorVersion)
install(EXPORT kithTargets NAMESPACE kith:: FILE kithConfig.cmake DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/kith)
install(FILES ${PROJECT_BINARY_DIR}/kithConfigVersion.cmake DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/kith)
