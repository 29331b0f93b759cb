// The dot product of two lanes of floating-point or mxint8 elements, added to an fp32 accumulator and rounded once:
// exact products, then their exact sum times the block scales, or their truncated sum with the accumulator in it.
// Combinational; the contract is that of dot_accumulate.
module float_dot #(
    parameter int unsigned Datapath  = formats_pkg::Half,
    parameter int unsigned Length    = 1,
    parameter int unsigned Summation = formats_pkg::default_summation(Datapath, Length)
) (
    input  logic [4:0] format_i,
    input  logic [4:0] align_bits_i,
    input  logic [formats_pkg::lane_width(Datapath, Length)-1:0] a_i,
    input  logic [formats_pkg::lane_width(Datapath, Length)-1:0] b_i,
    input  logic [31:0] acc_i,
    output logic [31:0] result_o
);

  localparam int unsigned Elements = Length * formats_pkg::element_width(Datapath);
  localparam int unsigned SumWidth = formats_pkg::sum_width(Datapath, Length, Summation);
  localparam int unsigned ExactWidth =
      Summation == formats_pkg::Truncating ? SumWidth : formats_pkg::scaled_sum_width(Datapath, Length);
  localparam int unsigned TruncatedWidth =
      Summation == formats_pkg::Exact ? SumWidth : formats_pkg::truncated_sum_width(Length);

  logic [Length-1:0] signs;
  logic [Length*formats_pkg::product_exponent_width(Datapath)-1:0] exponents;
  logic [Length*formats_pkg::product_width(Datapath)-1:0] significands;
  logic minus_zero, products_nan, plus_infinite, minus_infinite;
  lane_products #(
      .Datapath(Datapath),
      .Length  (Length)
  ) u_products (
      .format_i,
      .a_i             (a_i[Elements-1:0]),
      .b_i             (b_i[Elements-1:0]),
      .signs_o         (signs),
      .exponents_o     (exponents),
      .significands_o  (significands),
      .minus_zero_o    (minus_zero),
      .nan_o           (products_nan),
      .plus_infinite_o (plus_infinite),
      .minus_infinite_o(minus_infinite)
  );

  // The exact sum, in which the accumulator is not yet.
  logic exact_sign, scale_nan;
  logic [11:0] exact_exponent;
  logic [ExactWidth-1:0] exact;
  if (Summation == formats_pkg::Truncating) begin : gen_no_exact
    assign exact_sign     = 1'b0;
    assign scale_nan      = 1'b0;
    assign exact_exponent = '0;
    assign exact          = '0;
  end else begin : gen_exact
    logic [formats_pkg::product_exponent_width(Datapath)-1:0] exponent;
    logic [formats_pkg::exact_sum_width(Datapath, Length)-1:0] sum;
    exact_sum #(
        .Datapath(Datapath),
        .Length  (Length)
    ) u_sum (
        .signs_i       (signs),
        .exponents_i   (exponents),
        .significands_i(significands),
        .sign_o        (exact_sign),
        .exponent_o    (exponent),
        .magnitude_o   (sum)
    );

    logic [7:0] scale_a, scale_b;
    if (formats_pkg::scale_width(Datapath) == 0) begin : gen_no_scales
      assign scale_a = 8'd0;
      assign scale_b = 8'd0;
    end else begin : gen_scales
      assign scale_a = a_i[Elements+:8];
      assign scale_b = b_i[Elements+:8];
    end
    block_scale #(
        .Datapath(Datapath),
        .Length  (Length)
    ) u_scale (
        .format_i,
        .scale_a_i  (scale_a),
        .scale_b_i  (scale_b),
        .exponent_i (exponent),
        .magnitude_i(sum),
        .nan_o      (scale_nan),
        .exponent_o (exact_exponent),
        .magnitude_o(exact)
    );
  end

  // The truncated sum, in which the accumulator is.
  logic truncates, truncated_sign;
  logic [11:0] truncated_exponent;
  logic [TruncatedWidth-1:0] truncated;
  if (Summation == formats_pkg::Exact) begin : gen_no_truncated
    logic unused;
    assign unused             = &{1'b0, align_bits_i};
    assign truncates          = 1'b0;
    assign truncated_sign     = 1'b0;
    assign truncated_exponent = '0;
    assign truncated          = '0;
  end else begin : gen_truncated
    assign truncates = Summation == formats_pkg::Truncating || align_bits_i != 5'd0;
    truncated_sum #(
        .Datapath(Datapath),
        .Length  (Length)
    ) u_sum (
        .format_i,
        .align_bits_i,
        .signs_i       (signs),
        .exponents_i   (exponents),
        .significands_i(significands),
        .acc_i,
        .sign_o        (truncated_sign),
        .exponent_o    (truncated_exponent),
        .magnitude_o   (truncated)
    );
  end

  // What is left to add to the truncated sum is a zero, whose sign counts if nothing but zeros was summed.
  logic acc_finite;
  assign acc_finite = acc_i[30:23] != 8'hFF;

  logic sign, x_minus_zero;
  logic [11:0] exponent;
  logic [SumWidth-1:0] magnitude;
  logic [31:0] acc;
  always_comb begin
    sign         = exact_sign;
    exponent     = exact_exponent;
    magnitude    = SumWidth'(exact) << (SumWidth - ExactWidth);
    acc          = acc_i;
    x_minus_zero = minus_zero;
    if (truncates) begin
      sign         = truncated_sign;
      exponent     = truncated_exponent;
      magnitude    = SumWidth'(truncated) << (SumWidth - TruncatedWidth);
      x_minus_zero = minus_zero && acc_i[30:0] == 31'd0;
      if (acc_finite) begin
        acc = {acc_i[31], 31'd0};
      end
    end
  end

  fp32_accumulate #(
      .Width(SumWidth)
  ) u_accumulate (
      .x_sign_i          (sign),
      .x_exponent_i      (exponent),
      .x_magnitude_i     (magnitude),
      .x_minus_zero_i    (x_minus_zero),
      .x_nan_i           (products_nan || scale_nan),
      .x_plus_infinite_i (plus_infinite),
      .x_minus_infinite_i(minus_infinite),
      .acc_i             (acc),
      .result_o
  );

endmodule
