// The accumulator beside the array plus a fold's sum, as accumulate_fold in models/numerics/dot.h says: int32 that
// wraps or saturates in the datapaths of integers, else fp32 addition to nearest even. Combinational.
module accumulate_fold #(
    parameter int unsigned Datapath = formats_pkg::Half
) (
    input  logic saturate_i,
    input  logic [31:0] x_i,
    input  logic [31:0] y_i,
    output logic [31:0] sum_o
);
  /*verilator no_inline_module*/  // one copy of the code for all columns of an array: build time

  if (formats_pkg::family(Datapath) == formats_pkg::Integer) begin : gen_integer
    logic [32:0] total;
    assign total = {x_i[31], x_i} + {y_i[31], y_i};
    always_comb begin
      sum_o = total[31:0];
      if (saturate_i && total[32] != total[31]) begin
        sum_o = total[32] ? 32'h80000000 : 32'h7FFFFFFF;
      end
    end
  end else begin : gen_float
    logic unused;
    assign unused = &{1'b0, saturate_i};

    logic special, nan;
    assign special = x_i[30:23] == 8'hFF;
    assign nan     = x_i[22:0] != 23'd0;
    fp32_accumulate #(
        .Width(24)
    ) u_accumulate (
        .x_sign_i          (x_i[31]),
        .x_exponent_i      (x_i[30:23] == 8'd0 ? 12'd1 : {4'd0, x_i[30:23]}),
        .x_magnitude_i     ({x_i[30:23] != 8'd0, x_i[22:0]}),
        .x_minus_zero_i    (x_i == 32'h80000000),
        .x_nan_i           (special && nan),
        .x_plus_infinite_i (special && !nan && !x_i[31]),
        .x_minus_infinite_i(special && !nan && x_i[31]),
        .acc_i             (y_i),
        .result_o          (sum_o)
    );
  end

endmodule
