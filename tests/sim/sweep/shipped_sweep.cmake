# The first points of a shipped sweep run, and one at least has a result.
file(REMOVE ${OUT} ${OUT}-wal ${OUT}-shm)
execute_process(COMMAND ${HEADROOM} sweep ${SWEEP} -o ${OUT} --limit 6 --jobs 1 RESULT_VARIABLE code OUTPUT_VARIABLE said)
file(REMOVE ${OUT} ${OUT}-wal ${OUT}-shm)
if(NOT code EQUAL 0 OR NOT said MATCHES "[1-9][0-9]* ok")
  message(FATAL_ERROR "${SWEEP}: exit code ${code}: ${said}")
endif()
