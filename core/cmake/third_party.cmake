# PCRE2 and cJSON, built from the one pinned source for native and WASM alike.
# PCRE2's own CMake probes the compiler for a minute under Emscripten; its file
# list does not change within a version, so it is written here.
set(pcre2 "${SJ_SOURCES}/pcre2")
set(cjson "${SJ_SOURCES}/cjson")
foreach(needed "${pcre2}/src/pcre2_match.c" "${cjson}/cJSON.c")
  if(NOT EXISTS "${needed}")
    message(FATAL_ERROR "${needed} is missing: run tools/start, or set SJ_SOURCES")
  endif()
endforeach()

set(pcre2_build "${CMAKE_CURRENT_BINARY_DIR}/pcre2")
configure_file("${pcre2}/src/config.h.generic" "${pcre2_build}/config.h" COPYONLY)
configure_file("${pcre2}/src/pcre2.h.generic" "${pcre2_build}/pcre2.h" COPYONLY)
configure_file("${pcre2}/src/pcre2_chartables.c.dist"
  "${pcre2_build}/pcre2_chartables.c" COPYONLY)

set(pcre2_files "${pcre2_build}/pcre2_chartables.c")
foreach(name auto_possess chkdint compile compile_cgroup compile_class config
    context convert dfa_match error extuni find_bracket jit_compile maketables
    match match_data match_next newline ord2utf pattern_info script_run
    serialize string_utils study substitute substring tables ucd valid_utf
    xclass)
  if(EXISTS "${pcre2}/src/pcre2_${name}.c") # 10.46 has a few files fewer
    list(APPEND pcre2_files "${pcre2}/src/pcre2_${name}.c")
  endif()
endforeach()

# LINK_SIZE 3: with 2 a compiled pattern ends at 64 KB, and a list of words that
# stands at each place of a name is longer than that.
add_library(sj_pcre2 STATIC ${pcre2_files})
target_compile_definitions(sj_pcre2
  PRIVATE HAVE_CONFIG_H SUPPORT_UNICODE LINK_SIZE=3
  PUBLIC PCRE2_CODE_UNIT_WIDTH=8 PCRE2_STATIC)
target_include_directories(sj_pcre2 SYSTEM PUBLIC "${pcre2_build}"
  PRIVATE "${pcre2}/src")
target_link_libraries(sj_pcre2 PRIVATE sj_third_party_flags)
set_target_properties(sj_pcre2 PROPERTIES POSITION_INDEPENDENT_CODE ON)

add_library(sj_cjson STATIC "${cjson}/cJSON.c")
target_include_directories(sj_cjson SYSTEM PUBLIC "${cjson}")
target_link_libraries(sj_cjson PRIVATE sj_third_party_flags)
set_target_properties(sj_cjson PROPERTIES POSITION_INDEPENDENT_CODE ON)
