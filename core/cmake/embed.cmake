# sj_embed(OUTPUT FILES): write a C file that holds the FILES (relative to
# packs/) and sj_builtin_files(). Run as a script, it does the writing; so the
# file is made again whenever a pack changes.
#
# Bytes, not string literals: C promises no more than 4095 characters of those.
set(SJ_EMBED_SCRIPT "${CMAKE_CURRENT_LIST_FILE}")

function(sj_embed output files)
  set(packs "${CMAKE_CURRENT_SOURCE_DIR}/packs")
  list(SORT files)
  list(TRANSFORM files PREPEND "${packs}/" OUTPUT_VARIABLE paths)
  list(JOIN files "," joined)
  add_custom_command(OUTPUT "${output}"
    COMMAND "${CMAKE_COMMAND}" "-DPACKS=${packs}" "-DFILES=${joined}"
      "-DOUTPUT=${output}" -P "${SJ_EMBED_SCRIPT}"
    DEPENDS ${paths} "${SJ_EMBED_SCRIPT}"
    COMMENT "Embedding packs" VERBATIM)
endfunction()

function(sj_embed_write packs files output)
  set(text "// Written by core/cmake/embed.cmake.\n#include \"scrubjay/scrubjay.h\"\n\n")
  set(rows "")
  set(count 0)
  foreach(name IN LISTS files)
    file(READ "${packs}/${name}" hex HEX)
    string(LENGTH "${hex}" digits)
    math(EXPR len "${digits} / 2")
    string(REGEX REPLACE "(..)" "0x\\1," bytes "${hex}")
    string(REGEX REPLACE "((0x..,){1,16})" "\\1\n" bytes "${bytes}")
    string(APPEND text
      "static const unsigned char data_${count}[] = {\n${bytes}0};\n\n")
    string(APPEND rows
      "    {\"${name}\", (const char *)data_${count}, ${len}},\n")
    math(EXPR count "${count} + 1")
  endforeach()
  # The row of nothing keeps the table from being empty, which C does not allow.
  string(APPEND text "static const sj_file FILES[] = {\n${rows}    {0}};\n\n"
    "const sj_file *sj_builtin_files(size_t *count) {\n"
    "  *count = ${count};\n  return FILES;\n}\n")
  file(WRITE "${output}" "${text}")
endfunction()

if(CMAKE_SCRIPT_MODE_FILE)
  string(REPLACE "," ";" names "${FILES}")
  sj_embed_write("${PACKS}" "${names}" "${OUTPUT}")
endif()
