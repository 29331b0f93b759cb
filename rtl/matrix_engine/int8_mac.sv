// acc + a * b with int8 factors and an int32 accumulator that wraps. Combinational.
module int8_mac (
    input  logic [ 7:0] a_i,
    input  logic [ 7:0] b_i,
    input  logic [31:0] acc_i,
    output logic [31:0] result_o
);

  logic [15:0] product;
  assign product  = {{8{a_i[7]}}, a_i} * {{8{b_i[7]}}, b_i};
  assign result_o = acc_i + {{16{product[15]}}, product};

endmodule
