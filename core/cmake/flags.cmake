# sj_flags: our warnings and the chosen sanitizers, for our own code.
# sj_third_party_flags: the sanitizers alone, for sources that are not ours.
add_library(sj_flags INTERFACE)
add_library(sj_third_party_flags INTERFACE)

target_compile_options(sj_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes
  $<$<CONFIG:Debug>:-Werror>) # only here: a new compiler breaks no user's build
# -O2 in debug builds too: nobody steps through them, and tests wait for them.
target_compile_options(sj_third_party_flags INTERFACE -w -O2)

if(SJ_SANITIZE)
  foreach(target sj_flags sj_third_party_flags)
    target_compile_options(${target} INTERFACE
      -fsanitize=${SJ_SANITIZE} -fno-omit-frame-pointer
      -fno-sanitize-recover=all)
    target_link_options(${target} INTERFACE -fsanitize=${SJ_SANITIZE})
  endforeach()
endif()
if(SJ_BUILD_FUZZ)
  foreach(target sj_flags sj_third_party_flags)
    target_compile_options(${target} INTERFACE -fsanitize=fuzzer-no-link)
  endforeach()
endif()
