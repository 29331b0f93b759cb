# Warnings belong to our targets only: generated Verilator code and SystemC's headers do not pass them.
function(headroom_warnings target)
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wshadow -Wconversion
                         -Wnon-virtual-dtor -Woverloaded-virtual -Wold-style-cast -Wunused-const-variable -Werror)
endfunction()
