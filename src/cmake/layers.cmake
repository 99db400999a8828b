# The rooms and what each may link. A room is an OBJECT library; its unit-test program links its
# objects and those of the rooms it depends on, nothing else, so an upward call does not link.
#
#   kith_room(<name> DEPENDS <rooms...> SOURCES <files...> [LIBRARIES <targets...>])
#   kith_unit_test(<room> SOURCES <files...> [FOLDER <folder>] [EXTRA <files...>] [ROOMS <rooms...>]
#                  [LIBRARIES <targets...>])
#   kith_test(<part> <name> SOURCES <files...> [ROOMS <rooms...>] [LIBRARIES <targets...>] [PLAIN])
#   kith_fuzz_target(<reader> ROOM <room>)
#
# Sources of unit tests are relative to tests/unit/<room>/ (or FOLDER in place of <room>); those of
# a kith_test to the folder it is called from. Programs land in <build>/tests/<part>/. PLAIN is a
# program of its own that does not use criterion.

# Sets `out` to the rooms that `rooms` lead to, themselves included, each once.
function(kith_rooms_below out)
	set(seen "")
	set(rest ${ARGN})
	while(rest)
		list(POP_FRONT rest room)
		if(NOT TARGET room_${room})
			message(STATUS "room ${room} is not there yet")
			continue()
		endif()
		if(NOT room IN_LIST seen)
			list(APPEND seen ${room})
			get_property(below TARGET room_${room} PROPERTY KITH_DEPENDS)
			list(APPEND rest ${below})
		endif()
	endwhile()
	set(${out} ${seen} PARENT_SCOPE)
endfunction()

# Sets `out` to those of the files that exist, so that one unfinished room does not stop the others.
function(kith_existing out)
	set(there "")
	foreach(file ${ARGN})
		if(EXISTS ${file} OR EXISTS ${CMAKE_CURRENT_SOURCE_DIR}/${file})
			list(APPEND there ${file})
		else()
			message(STATUS "${file} is not there yet")
		endif()
	endforeach()
	set(${out} ${there} PARENT_SCOPE)
endfunction()

# Links `target` with the objects and libraries of the rooms given and of all below them.
function(kith_link_rooms target)
	kith_rooms_below(rooms ${ARGN})
	foreach(room IN LISTS rooms)
		target_sources(${target} PRIVATE $<TARGET_OBJECTS:room_${room}>)
		get_property(libraries TARGET room_${room} PROPERTY KITH_LIBRARIES)
		target_link_libraries(${target} PRIVATE ${libraries})
	endforeach()
	target_include_directories(${target} PRIVATE ${PROJECT_SOURCE_DIR}/src ${PROJECT_SOURCE_DIR}/include)
endfunction()

function(kith_room name)
	cmake_parse_arguments(ROOM "" "" "DEPENDS;SOURCES;LIBRARIES" ${ARGN})
	kith_existing(sources ${ROOM_SOURCES})
	if(NOT sources)
		return()
	endif()
	add_library(room_${name} OBJECT ${sources})
	set_target_properties(room_${name} PROPERTIES
		POSITION_INDEPENDENT_CODE ON
		C_VISIBILITY_PRESET hidden
		KITH_DEPENDS "${ROOM_DEPENDS}"
		KITH_LIBRARIES "${ROOM_LIBRARIES}")
	target_include_directories(room_${name} PRIVATE ${PROJECT_SOURCE_DIR}/src ${PROJECT_SOURCE_DIR}/include)
	target_compile_options(room_${name} PRIVATE ${KITH_WARNINGS})
	target_link_libraries(room_${name} PRIVATE ${ROOM_LIBRARIES})
	if(CMAKE_CURRENT_SOURCE_DIR MATCHES "/src/core(/|$)")
		target_compile_options(room_${name} PRIVATE ${KITH_CORE_WARNINGS})
	else()
		target_compile_definitions(room_${name} PRIVATE _GNU_SOURCE KITH_BUILDING)
	endif()
endfunction()

# Common to all test programs. With TSan criterion cannot start, so tests then run in process.
function(kith_test_program target part plain)
	set_target_properties(${target} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests/${part})
	target_include_directories(${target} PRIVATE ${PROJECT_SOURCE_DIR}/src ${PROJECT_SOURCE_DIR}/include
		${PROJECT_SOURCE_DIR}/tests)
	target_compile_options(${target} PRIVATE ${KITH_WARNINGS} -Wno-missing-prototypes)
	target_compile_definitions(${target} PRIVATE _GNU_SOURCE)
	if(plain)
		return()
	endif()
	if(KITH_SANITIZE STREQUAL "thread")
		target_include_directories(${target} BEFORE PRIVATE ${PROJECT_SOURCE_DIR}/tests/support/inproc)
		add_test(NAME ${target} COMMAND ${target})
	else()
		target_link_libraries(${target} PRIVATE PkgConfig::CRITERION)
		add_test(NAME ${target} COMMAND ${target} -j2)
	endif()
	set_tests_properties(${target} PROPERTIES TIMEOUT 600 LABELS ${part}
		ENVIRONMENT "G_DEBUG=fatal-criticals;ASAN_OPTIONS=abort_on_error=1"
		FAIL_REGULAR_EXPRESSION "LeakSanitizer;crashed during its setup or teardown;Tested: 0 ")
endfunction()

function(kith_unit_test room)
	cmake_parse_arguments(UNIT "" "FOLDER" "SOURCES;EXTRA;ROOMS;LIBRARIES" ${ARGN})
	if(NOT KITH_TESTS OR KITH_FUZZ)
		return()
	endif()
	if(NOT UNIT_FOLDER)
		set(UNIT_FOLDER ${room})
	endif()
	list(TRANSFORM UNIT_SOURCES PREPEND ${PROJECT_SOURCE_DIR}/tests/unit/${UNIT_FOLDER}/)
	kith_existing(sources ${UNIT_SOURCES})
	if(NOT sources OR NOT TARGET room_${room})
		return()
	endif()
	add_executable(test_${room} ${sources} ${UNIT_EXTRA})
	kith_link_rooms(test_${room} ${room} ${UNIT_ROOMS})
	target_link_libraries(test_${room} PRIVATE ${UNIT_LIBRARIES})
	kith_test_program(test_${room} unit FALSE)
endfunction()

function(kith_test part name)
	cmake_parse_arguments(TEST "PLAIN" "" "SOURCES;ROOMS;LIBRARIES" ${ARGN})
	add_executable(${name} ${TEST_SOURCES})
	kith_link_rooms(${name} ${TEST_ROOMS})
	target_link_libraries(${name} PRIVATE ${TEST_LIBRARIES})
	kith_test_program(${name} ${part} ${TEST_PLAIN})
endfunction()

function(kith_fuzz_target reader)
	cmake_parse_arguments(FUZZ "" "ROOM" "ROOMS;EXTRA" ${ARGN})
	if(NOT KITH_FUZZ OR NOT TARGET room_${FUZZ_ROOM})
		return()
	endif()
	add_executable(fuzz_${reader} ${PROJECT_SOURCE_DIR}/tests/fuzz/fuzz_${reader}.c ${FUZZ_EXTRA})
	kith_link_rooms(fuzz_${reader} ${FUZZ_ROOM} ${FUZZ_ROOMS})
	target_include_directories(fuzz_${reader} PRIVATE ${PROJECT_SOURCE_DIR}/tests)
	target_compile_definitions(fuzz_${reader} PRIVATE _GNU_SOURCE)
	target_link_options(fuzz_${reader} PRIVATE -fsanitize=fuzzer)
	set_target_properties(fuzz_${reader} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests/fuzz)
endfunction()
