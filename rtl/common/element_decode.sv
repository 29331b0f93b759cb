// A floating-point or mxint8 element as sign and significand * 2^exponent, in units of 2^-common_places(Datapath).
// An infinity or a NaN has a significand that is not zero. Combinational.
module element_decode #(
    parameter int unsigned Datapath = formats_pkg::Narrow
) (
    input  logic [4:0] format_i,
    input  logic [formats_pkg::element_width(Datapath)-1:0] code_i,
    output logic sign_o,
    output logic [formats_pkg::exponent_width(Datapath)-1:0] exponent_o,
    output logic [formats_pkg::significand_width(Datapath)-1:0] significand_o,
    output logic nan_o,
    output logic infinite_o
);

  localparam int unsigned ExponentWidth = formats_pkg::exponent_width(Datapath);
  localparam int unsigned SignificandWidth = formats_pkg::significand_width(Datapath);

  logic [31:0] format;
  assign format = formats_pkg::is_single_format(Datapath) ? Datapath - 32 : 32'(format_i);

  // The exponent's field, and what the datapath's unit adds to it.
  logic [ 7:0] field;
  logic [ 8:0] offset;

  if (formats_pkg::family(Datapath) == formats_pkg::Single) begin : gen_single
    logic unused;
    assign unused        = &{1'b0, format};
    assign sign_o        = code_i[31];
    assign field         = code_i[30:23];
    assign significand_o = {field != 8'd0, code_i[22:0]};
    assign offset        = 9'd0;
    assign nan_o         = field == 8'hFF && code_i[22:0] != 23'd0;
    assign infinite_o    = field == 8'hFF && code_i[22:0] == 23'd0;
  end else if (formats_pkg::family(Datapath) == formats_pkg::Half) begin : gen_half
    localparam logic [8:0] OffsetFp16 = 9'(formats_pkg::exponent_offset(Datapath, formats_pkg::Fp16));
    localparam logic [8:0] OffsetTf32 = 9'(formats_pkg::exponent_offset(Datapath, formats_pkg::Tf32));
    localparam logic [8:0] OffsetBf16 = 9'(formats_pkg::exponent_offset(Datapath, formats_pkg::Bf16));
    logic [18:0] code;
    logic [10:0] significand;  // hidden one and fraction; a single format may have fewer bits
    logic        unused;
    assign unused = &{1'b0, significand};
    logic        top;  // the field of infinities and NaN
    logic        whole;  // no fraction
    assign code = 19'(code_i);
    always_comb begin
      case (format)
        formats_pkg::Fp16: begin
          sign_o      = code[15];
          field       = {3'd0, code[14:10]};
          top         = code[14:10] == 5'h1F;
          significand = {field != 8'd0, code[9:0]};
          whole       = code[9:0] == 10'd0;
          offset      = OffsetFp16;
        end
        formats_pkg::Bf16: begin
          sign_o      = code[15];
          field       = code[14:7];
          top         = field == 8'hFF;
          significand = {3'd0, field != 8'd0, code[6:0]};
          whole       = code[6:0] == 7'd0;
          offset      = OffsetBf16;
        end
        default: begin  // tf32
          sign_o      = code[18];
          field       = code[17:10];
          top         = field == 8'hFF;
          significand = {field != 8'd0, code[9:0]};
          whole       = code[9:0] == 10'd0;
          offset      = OffsetTf32;
        end
      endcase
    end
    assign significand_o = SignificandWidth'(significand);
    assign nan_o         = top && !whole;
    assign infinite_o    = top && whole;
  end else begin : gen_narrow
    localparam logic [8:0] OffsetE4m3 = 9'(formats_pkg::exponent_offset(Datapath, formats_pkg::Fp8E4m3));
    localparam logic [8:0] OffsetE5m2 = 9'(formats_pkg::exponent_offset(Datapath, formats_pkg::Fp8E5m2));
    localparam logic [8:0] OffsetE3m2 = 9'(formats_pkg::exponent_offset(Datapath, formats_pkg::Fp6E3m2));
    localparam logic [8:0] OffsetE2m3 = 9'(formats_pkg::exponent_offset(Datapath, formats_pkg::Fp6E2m3));
    localparam logic [8:0] OffsetFp4 = 9'(formats_pkg::exponent_offset(Datapath, formats_pkg::Fp4));
    localparam logic [8:0] OffsetMxint8 = 9'(formats_pkg::exponent_offset(Datapath, formats_pkg::Mxint8));
    logic [7:0] code, significand;
    logic unused;
    assign unused = &{1'b0, significand};
    assign code = 8'(code_i);
    always_comb begin
      nan_o      = 1'b0;
      infinite_o = 1'b0;
      case (format)
        formats_pkg::Fp8E4m3, formats_pkg::Mxfp8E4m3: begin
          sign_o      = code[7];
          field       = {4'd0, code[6:3]};
          significand = {4'd0, field != 8'd0, code[2:0]};
          offset      = OffsetE4m3;
          nan_o       = code[6:0] == 7'h7F;
        end
        formats_pkg::Fp8E5m2, formats_pkg::Mxfp8E5m2: begin
          sign_o      = code[7];
          field       = {3'd0, code[6:2]};
          significand = {5'd0, field != 8'd0, code[1:0]};
          offset      = OffsetE5m2;
          nan_o       = code[6:0] > 7'h7C;
          infinite_o  = code[6:0] == 7'h7C;
        end
        formats_pkg::Fp6E3m2, formats_pkg::Mxfp6E3m2: begin
          sign_o      = code[5];
          field       = {5'd0, code[4:2]};
          significand = {5'd0, field != 8'd0, code[1:0]};
          offset      = OffsetE3m2;
        end
        formats_pkg::Fp6E2m3, formats_pkg::Mxfp6E2m3: begin
          sign_o      = code[5];
          field       = {6'd0, code[4:3]};
          significand = {4'd0, field != 8'd0, code[2:0]};
          offset      = OffsetE2m3;
        end
        formats_pkg::Mxint8: begin
          sign_o      = code[7];
          field       = 8'd0;
          significand = code[7] ? -code[7:0] : code[7:0];
          offset      = OffsetMxint8;
        end
        default: begin  // fp4, mxfp4, nvfp4
          sign_o      = code[3];
          field       = {6'd0, code[2:1]};
          significand = {6'd0, field != 8'd0, code[0]};
          offset      = OffsetFp4;
        end
      endcase
    end
    assign significand_o = SignificandWidth'(significand);
  end

  // A subnormal has the exponent of the smallest normal number.
  assign exponent_o = ExponentWidth'((field == 8'd0 ? 9'd0 : {1'b0, field} - 9'd1) + offset);

endmodule
