// The exact sum of a lane's products times the block scales of both lanes: an e8m0 scale is a power of two, an e4m3
// scale the magnitude of that fp8 code. exponent_o is that of the magnitude's highest bit, biased as in fp32. Without
// scale (formats without blocks, or a datapath that has none) the sum only changes its unit. Combinational.
module block_scale #(
    parameter int unsigned Datapath = formats_pkg::Narrow,
    parameter int unsigned Length   = 1
) (
    input  logic [4:0] format_i,
    input  logic [7:0] scale_a_i,
    input  logic [7:0] scale_b_i,
    input  logic [formats_pkg::product_exponent_width(Datapath)-1:0] exponent_i,
    input  logic [formats_pkg::exact_sum_width(Datapath, Length)-1:0] magnitude_i,
    output logic nan_o,
    output logic [11:0] exponent_o,
    output logic [formats_pkg::scaled_sum_width(Datapath, Length)-1:0] magnitude_o
);

  localparam int unsigned OutWidth = formats_pkg::scaled_sum_width(Datapath, Length);
  localparam logic [11:0] Top = 12'(127 - 2 * formats_pkg::common_places(Datapath) + OutWidth - 1);

  logic [11:0] exponent;
  assign exponent = 12'(exponent_i) + Top;

  if (formats_pkg::scale_width(Datapath) == 0) begin : gen_unscaled
    logic unused;
    assign unused      = &{1'b0, format_i, scale_a_i, scale_b_i};
    assign nan_o       = 1'b0;
    assign exponent_o  = exponent;
    assign magnitude_o = magnitude_i;
  end else begin : gen_scaled
    logic [31:0] format;
    assign format = formats_pkg::is_single_format(Datapath) ? Datapath - 32 : 32'(format_i);

    // e4m3: the scale is an integer times 2^-9 or more, and sums of fp4 products have few bits, at a fixed place.
    localparam int unsigned Fp4Bits = Length == 1 ? 4 : 8 + $clog2(Length);
    localparam int unsigned Fp4Low = Length == 1 ? 0 : 2 * formats_pkg::exponent_offset(Datapath, formats_pkg::Fp4);
    logic [OutWidth-1:0] product;
    logic [11:0] e4m3_exponent;
    if (formats_pkg::includes(Datapath, formats_pkg::Nvfp4)) begin : gen_e4m3
      logic a_hidden, b_hidden;
      logic [7:0] scale;
      assign a_hidden      = scale_a_i[6:3] != 4'd0;
      assign b_hidden      = scale_b_i[6:3] != 4'd0;
      assign scale         = {4'd0, a_hidden, scale_a_i[2:0]} * {4'd0, b_hidden, scale_b_i[2:0]};
      assign product       = OutWidth'({8'd0, magnitude_i[Fp4Low+:Fp4Bits]} * (Fp4Bits + 8)'(scale));
      assign e4m3_exponent = {8'd0, scale_a_i[6:3]} - {11'd0, a_hidden} + {8'd0, scale_b_i[6:3]} - {11'd0, b_hidden}
                           + 12'(Fp4Low) - 12'd18;
    end else begin : gen_no_e4m3
      assign product       = '0;
      assign e4m3_exponent = '0;
    end

    always_comb begin
      nan_o       = 1'b0;
      exponent_o  = exponent;
      magnitude_o = OutWidth'(magnitude_i);
      case (format)
        formats_pkg::Mxfp8E4m3, formats_pkg::Mxfp8E5m2, formats_pkg::Mxfp6E3m2, formats_pkg::Mxfp6E2m3,
        formats_pkg::Mxfp4, formats_pkg::Mxint8: begin
          nan_o      = scale_a_i == 8'hFF || scale_b_i == 8'hFF;
          exponent_o = exponent + {4'd0, scale_a_i} + {4'd0, scale_b_i} - 12'd254;
        end
        formats_pkg::Nvfp4: begin
          nan_o       = scale_a_i[6:0] == 7'h7F || scale_b_i[6:0] == 7'h7F;
          exponent_o  = exponent + e4m3_exponent;
          magnitude_o = product;
        end
        default: ;
      endcase
    end
  end

endmodule
