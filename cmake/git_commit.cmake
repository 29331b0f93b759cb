# Writes the commit of SOURCE_DIR to the header OUTPUT, touching it only when the commit changed, so that a build
# recompiles one file per commit and nothing otherwise. "unknown" where git is missing, refuses (another owner), or
# where SOURCE_DIR merely lies inside somebody else's repository. Run as: cmake -DSOURCE_DIR=… -DOUTPUT=… -P this.
set(commit unknown)
find_program(GIT git)
if(GIT)
  execute_process(COMMAND ${GIT} -C ${SOURCE_DIR} rev-parse --show-toplevel
                  OUTPUT_VARIABLE top OUTPUT_STRIP_TRAILING_WHITESPACE RESULT_VARIABLE failed ERROR_QUIET)
  file(REAL_PATH ${SOURCE_DIR} source)
  if(NOT failed AND top STREQUAL source)
    execute_process(COMMAND ${GIT} -C ${SOURCE_DIR} describe --always --dirty --abbrev=12 --exclude=*
                    OUTPUT_VARIABLE described OUTPUT_STRIP_TRAILING_WHITESPACE RESULT_VARIABLE failed ERROR_QUIET)
    if(NOT failed AND described)
      set(commit ${described})
    endif()
  endif()
endif()
file(CONFIGURE OUTPUT ${OUTPUT} CONTENT "#pragma once\n#define HEADROOM_GIT_COMMIT \"${commit}\"\n")
