// The exact sum of the products of a lane: sign and magnitude * 2^exponent, in the products' unit. One product stays as
// it is; more are added in fixed point, where the exponent is 0. Combinational.
module exact_sum #(
    parameter int unsigned Datapath = formats_pkg::Narrow,
    parameter int unsigned Length   = 4
) (
    input  logic [Length-1:0] signs_i,
    input  logic [Length*formats_pkg::product_exponent_width(Datapath)-1:0] exponents_i,
    input  logic [Length*formats_pkg::product_width(Datapath)-1:0] significands_i,
    output logic sign_o,
    output logic [formats_pkg::product_exponent_width(Datapath)-1:0] exponent_o,
    output logic [formats_pkg::exact_sum_width(Datapath, Length)-1:0] magnitude_o
);

  if (Length == 1) begin : gen_product
    assign sign_o      = signs_i[0];
    assign exponent_o  = exponents_i;
    assign magnitude_o = significands_i;
  end else begin : gen_sum
    localparam int unsigned ExponentWidth = formats_pkg::product_exponent_width(Datapath);
    localparam int unsigned ProductWidth = formats_pkg::product_width(Datapath);
    localparam int unsigned FixedWidth = formats_pkg::fixed_product_width(Datapath);
    localparam int unsigned SumWidth = formats_pkg::exact_sum_width(Datapath, Length);
    logic [FixedWidth-1:0] fixed;
    logic [SumWidth:0] total;  // two's complement
    always_comb begin
      fixed = '0;
      total = '0;
      for (int unsigned i = 0; i < Length; i++) begin
        fixed = FixedWidth'(significands_i[i*ProductWidth+:ProductWidth])
            << exponents_i[i*ExponentWidth+:ExponentWidth];
        total = signs_i[i] ? total - (SumWidth + 1)'(fixed) : total + (SumWidth + 1)'(fixed);
      end
    end
    assign sign_o      = total[SumWidth];
    assign exponent_o  = '0;
    assign magnitude_o = total[SumWidth] ? SumWidth'(-total) : SumWidth'(total);
  end

endmodule
