// Which of the requests at the ports came before which, in whole cycles: a matrix of one bit per pair, so no age ever
// overflows. Of two that came in the same cycle neither is ahead.
module age_order #(
    parameter int unsigned Ports = 4
) (
    input  logic                   clk_i,
    input  logic                   rst_ni,
    input  logic [Ports-1:0]       valid_i,
    input  logic [Ports-1:0]       taken_i,
    output logic [Ports*Ports-1:0] ahead_o   // bit Ports * j + i: j is ahead of i
);

  logic [Ports-1:0] waiting_d, waiting_q;  // has been on offer since an earlier cycle
  logic [Ports*Ports-1:0] ahead_q;

  assign waiting_d = valid_i & ~taken_i;

  for (genvar j = 0; j < Ports; j++) begin : gen_row
    assign ahead_o[Ports*j+:Ports] = {Ports{waiting_q[j]}} & (ahead_q[Ports*j+:Ports] | ~waiting_q);
  end

  // A request that is gone is ahead of nothing: its row is masked above, its column below.
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      waiting_q <= '0;
      ahead_q   <= '0;
    end else begin
      waiting_q <= waiting_d;
      ahead_q   <= ahead_o;
    end
  end

endmodule
