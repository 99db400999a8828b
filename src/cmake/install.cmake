# What is installed, in components:
#   runtime      libkith.so.1
#   development  headers, libkith.so, kith.pc, the CMake package kith (kith::kith)
#   static       libkith.a, kith-static.pc (kith::static): Kith's own code; what it needs stays shared
#   command      kith and its manual
# Everything stays where it is relative to the rest, so that the prefix may be moved.
add_library(kith_static STATIC)
kith_link_rooms(kith_static api)
set_target_properties(kith_static PROPERTIES OUTPUT_NAME kith EXPORT_NAME static LINKER_LANGUAGE C)
target_include_directories(kith_static INTERFACE $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)

install(TARGETS kith EXPORT kithTargets
	LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT runtime NAMELINK_COMPONENT development
	INCLUDES DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(TARGETS kith_static ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT static)
install(DIRECTORY include/kith DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT development)
install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DATADIR}/licenses/kith COMPONENT runtime)

file(RELATIVE_PATH up_from_pc /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
string(REGEX REPLACE "/$" "" up_from_pc "${up_from_pc}")
set(kith_requires "glib-2.0 gio-2.0 nice gnutls nettle hogweed")
foreach(name kith kith-static)
	configure_file(src/cmake/${name}.pc.in ${PROJECT_BINARY_DIR}/${name}.pc @ONLY)
endforeach()
install(FILES ${PROJECT_BINARY_DIR}/kith.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig COMPONENT development)
install(FILES ${PROJECT_BINARY_DIR}/kith-static.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig COMPONENT static)

include(CMakePackageConfigHelpers)
set(package ${CMAKE_INSTALL_LIBDIR}/cmake/kith)
configure_package_config_file(src/cmake/kithConfig.cmake.in ${PROJECT_BINARY_DIR}/kithConfig.cmake
	INSTALL_DESTINATION ${package} PATH_VARS CMAKE_INSTALL_LIBDIR CMAKE_INSTALL_INCLUDEDIR)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/kithConfigVersion.cmake COMPATIBILITY SameMajorVersion)
install(EXPORT kithTargets NAMESPACE kith:: DESTINATION ${package} COMPONENT development)
install(FILES ${PROJECT_BINARY_DIR}/kithConfig.cmake ${PROJECT_BINARY_DIR}/kithConfigVersion.cmake
	DESTINATION ${package} COMPONENT development)
