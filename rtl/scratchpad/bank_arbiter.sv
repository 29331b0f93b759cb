// Grants one of the requests for one port of a bank, in the cycle of the request. Round robin: the first port behind
// the one that was granted last. Age: of those that no other request is ahead of (age_order), the first in that turn.
module bank_arbiter #(
    parameter int unsigned Ports = 4
) (
    input  logic                   clk_i,
    input  logic                   rst_ni,
    input  logic                   age_i,
    input  logic [Ports-1:0]       request_i,
    input  logic [Ports*Ports-1:0] ahead_i,
    output logic [Ports-1:0]       grant_o
);

  logic [Ports-1:0] oldest, asking, behind, first_behind, first;
  logic [Ports-1:0] behind_d, behind_q;  // ports above the one that was granted last

  for (genvar i = 0; i < Ports; i++) begin : gen_oldest
    logic [Ports-1:0] ahead;
    for (genvar j = 0; j < Ports; j++) begin : gen_ahead
      assign ahead[j] = ahead_i[Ports*j+i];
    end
    assign oldest[i] = request_i[i] && (request_i & ahead) == '0;
  end

  assign asking       = age_i ? oldest : request_i;
  assign behind       = asking & behind_q;
  assign first_behind = behind & (~behind + Ports'(1));
  assign first        = asking & (~asking + Ports'(1));
  assign grant_o      = behind == '0 ? first : first_behind;

  always_comb begin
    behind_d = behind_q;
    if (grant_o != '0) begin
      behind_d = ~(grant_o | (grant_o - Ports'(1)));
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      behind_q <= '1;
    end else begin
      behind_q <= behind_d;
    end
  end

`ifndef SYNTHESIS
  GrantOne: assert property (@(posedge clk_i) disable iff (!rst_ni) $onehot0(grant_o))
    else $error("a bank granted two requests in one cycle");
  GrantRequested: assert property (@(posedge clk_i) disable iff (!rst_ni) (grant_o & ~request_i) == '0)
    else $error("a bank granted what was not requested");
  GrantSome: assert property (@(posedge clk_i) disable iff (!rst_ni) request_i == '0 || grant_o != '0)
    else $error("a bank stood idle beside a request");
`endif

endmodule
