// A wire for simulation: what enters in a cycle leaves delay_i cycles later, 1 to 255. Bits of errors_i are flipped as
// the word enters. Idle (all zero) until the first word has crossed it.
module link_wire #(
    parameter int unsigned Width = 66
) (
    input  logic             clk_i,
    input  logic             rst_ni,
    input  logic [      7:0] delay_i,
    input  logic [Width-1:0] errors_i,
    input  logic [Width-1:0] data_i,
    output logic [Width-1:0] data_o
);

  logic [Width-1:0] words[256];
  logic [7:0] now_q, crossed_d, crossed_q;  // crossed: cycles so far, up to delay_i

  assign data_o = crossed_q == delay_i ? words[now_q-delay_i] : '0;

  always_comb begin
    crossed_d = crossed_q;
    if (crossed_q != delay_i) begin
      crossed_d = crossed_q + 8'd1;
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      now_q     <= 8'd0;
      crossed_q <= 8'd0;
    end else begin
      now_q     <= now_q + 8'd1;
      crossed_q <= crossed_d;
    end
  end

  always_ff @(posedge clk_i) begin
    words[now_q] <= data_i ^ errors_i;
  end

endmodule
