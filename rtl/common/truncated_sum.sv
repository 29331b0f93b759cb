// The sum of the products of a lane and of the accumulator, each cut off toward zero `align_bits_i` places below the
// binary point at the largest exponent among those that are not zero. A product's exponent is the sum of its factors',
// so that its significand lies in [0, 4); the accumulator's lies in [0, 2). The sum is sign and magnitude; exponent_o
// is that of the magnitude's highest bit, biased as in fp32. All must be finite. Combinational.
module truncated_sum #(
    parameter int unsigned Datapath = formats_pkg::Half,
    parameter int unsigned Length   = 4
) (
    input  logic [4:0] format_i,
    input  logic [4:0] align_bits_i,  // 1 ... 30
    input  logic [Length-1:0] signs_i,
    input  logic [Length*formats_pkg::product_exponent_width(Datapath)-1:0] exponents_i,
    input  logic [Length*formats_pkg::product_width(Datapath)-1:0] significands_i,
    input  logic [31:0] acc_i,
    output logic sign_o,
    output logic [11:0] exponent_o,
    output logic [formats_pkg::truncated_sum_width(Length)-1:0] magnitude_o
);

  localparam int unsigned ExponentWidth = formats_pkg::product_exponent_width(Datapath);
  localparam int unsigned ProductWidth = formats_pkg::product_width(Datapath);
  localparam int unsigned SumWidth = formats_pkg::truncated_sum_width(Length);

  // Places of a product's significand.
  logic [31:0] format;
  logic [ 5:0] places;
  assign format = formats_pkg::is_single_format(Datapath) ? Datapath - 32 : 32'(format_i);
  if (formats_pkg::family(Datapath) == formats_pkg::Single) begin : gen_single_places
    logic unused;
    assign unused = &{1'b0, format};
    assign places = 6'd46;
  end else if (formats_pkg::family(Datapath) == formats_pkg::Half) begin : gen_half_places
    assign places = format == formats_pkg::Bf16 ? 6'd14 : 6'd20;
  end else begin : gen_narrow_places
    always_comb begin
      case (format)
        formats_pkg::Fp8E4m3, formats_pkg::Fp6E2m3: places = 6'd6;
        formats_pkg::Fp8E5m2, formats_pkg::Fp6E3m2: places = 6'd4;
        default: places = 6'd2;  // fp4
      endcase
    end
  end

  // Exponents of all terms, biased as in fp32, and their significands with 30 places: no more are ever kept.
  localparam logic [11:0] Bias = 12'(127 - 2 * formats_pkg::common_places(Datapath));
  logic [(Length+1)*12-1:0] exponents;
  logic [(Length+1)*32-1:0] terms;
  logic [         Length:0] signs;
  for (genvar i = 0; i < Length; i++) begin : gen_terms
    assign exponents[i*12+:12] = 12'(exponents_i[i*ExponentWidth+:ExponentWidth]) + Bias + 12'(places);
    if (ProductWidth > 32) begin : gen_long
      assign terms[i*32+:32] = 32'(significands_i[i*ProductWidth+:ProductWidth] >> (places - 6'd30));
    end else begin : gen_short
      assign terms[i*32+:32] = 32'(significands_i[i*ProductWidth+:ProductWidth]) << (6'd30 - places);
    end
  end
  assign exponents[Length*12+:12] = acc_i[30:23] == 8'd0 ? 12'd1 : {4'd0, acc_i[30:23]};
  assign terms[Length*32+:32]     = {1'b0, acc_i[30:23] != 8'd0, acc_i[22:0], 7'd0};
  assign signs                    = {acc_i[31], signs_i};

  logic [11:0] largest;
  logic        [31:0] kept;
  logic        [11:0] cut;  // places that go; a term of zero may seem to lie above the largest
  logic [SumWidth:0] total;  // two's complement
  always_comb begin
    largest = 12'hC00;
    for (int unsigned i = 0; i <= Length; i++) begin
      if (terms[i*32+:32] != 32'd0 && $signed(exponents[i*12+:12]) > $signed(largest)) begin
        largest = exponents[i*12+:12];
      end
    end
    total = '0;
    kept  = 32'd0;
    cut   = 12'd0;
    for (int unsigned i = 0; i <= Length; i++) begin
      cut   = largest - exponents[i*12+:12] + 12'd30 - 12'(align_bits_i);
      kept  = terms[i*32+:32] >> cut;
      total = signs[i] ? total - (SumWidth + 1)'(kept) : total + (SumWidth + 1)'(kept);
    end
  end

  assign sign_o      = total[SumWidth];
  assign magnitude_o = total[SumWidth] ? SumWidth'(-total) : SumWidth'(total);
  assign exponent_o  = largest - {7'd0, align_bits_i} + 12'(SumWidth - 1);

endmodule
