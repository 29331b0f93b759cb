// One processing element of the weight-stationary array: holds a weight, multiplies what passes from the left by it
// and adds that to the partial sum that passes from above. Everything that leaves is registered; everything moves
// only while en_i is high.
//
// load_i captures the weight that passes from above into the shadow register; swap_i, which travels with the first
// activation of a fold, makes the shadow weight the one in use, from that activation on. Both in one cycle: the swap
// sees the shadow as it was, so the next fold's weights may follow right behind the swap.
module processing_element (
    input  logic        clk_i,
    input  logic        rst_ni,
    input  logic        en_i,
    input  logic        integer_i,  // 1: int8 and int32, 0: bf16 and fp32
    // From the left, and on to the right.
    input  logic [15:0] activation_i,
    input  logic        swap_i,
    input  logic        load_i,
    output logic [15:0] activation_o,
    output logic        swap_o,
    output logic        load_o,
    // From above, and on to below.
    input  logic [15:0] weight_i,
    input  logic [31:0] partial_i,
    output logic [15:0] weight_o,
    output logic [31:0] partial_o
);
  /*verilator no_inline_module*/  // one copy of the code for all elements: build time

  logic [15:0] activation_q, passing_q, shadow_q, weight_d, weight_q;
  logic [31:0] partial_d, partial_q, float_result, integer_result;
  logic swap_q, load_q;

  assign weight_d = swap_i ? shadow_q : weight_q;

  bf16_mac u_bf16_mac (
      .a_i     (activation_i),
      .b_i     (weight_d),
      .acc_i   (partial_i),
      .result_o(float_result)
  );
  int8_mac u_int8_mac (
      .a_i     (activation_i[7:0]),
      .b_i     (weight_d[7:0]),
      .acc_i   (partial_i),
      .result_o(integer_result)
  );
  assign partial_d = integer_i ? integer_result : float_result;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      swap_q <= 1'b0;
      load_q <= 1'b0;
    end else if (en_i) begin
      swap_q <= swap_i;
      load_q <= load_i;
    end
  end

  // Data needs no reset: a beat is meaningful only where the engine's valid bit travels with it.
  always_ff @(posedge clk_i) begin
    if (en_i) begin
      activation_q <= activation_i;
      passing_q    <= weight_i;
      weight_q     <= weight_d;
      partial_q    <= partial_d;
      if (load_i) begin
        shadow_q <= weight_i;
      end
    end
  end

  assign activation_o = activation_q;
  assign swap_o       = swap_q;
  assign load_o       = load_q;
  assign weight_o     = passing_q;
  assign partial_o    = partial_q;

endmodule
