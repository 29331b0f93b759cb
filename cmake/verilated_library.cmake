# verilated_library(): filled with rtl/.
