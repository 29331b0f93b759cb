// Which of the requests at the ports is ahead of which: the one that has been waiting longer; of those that came in the
// same cycle, the one at the lower port. A matrix of one bit per pair, so no age ever overflows.
module age_order #(
    parameter int unsigned Ports = 4
) (
    input  logic                   clk_i,
    input  logic                   rst_ni,
    input  logic [Ports-1:0]       valid_i,
    input  logic [Ports-1:0]       taken_i,
    output logic [Ports*Ports-1:0] ahead_o   // bit Ports * j + i: j is ahead of i
);

  if (Ports == 1) begin : gen_alone
    // Nobody to be ahead of; naming the inputs keeps lint's unused-signal check on.
    logic unused_inputs;
    assign unused_inputs = &{1'b0, clk_i, rst_ni, valid_i, taken_i};
    assign ahead_o = '0;
  end else begin : gen_order
    logic [Ports-1:0] waiting_d, waiting_q;
    logic [Ports*Ports-1:0] ahead_q;

    assign waiting_d = valid_i & ~taken_i;

    for (genvar j = 0; j < Ports; j++) begin : gen_row
      for (genvar i = 0; i < Ports; i++) begin : gen_column
        if (i == j) begin : gen_self
          assign ahead_o[Ports*j+i] = ahead_q[Ports*j+i];  // never itself: stays at its reset value
        end else if (j < i) begin : gen_lower_port
          assign ahead_o[Ports*j+i] = waiting_q[j] && waiting_q[i] ? ahead_q[Ports*j+i]
                                                                   : waiting_q[j] || !waiting_q[i];
        end else begin : gen_higher_port
          assign ahead_o[Ports*j+i] = waiting_q[j] && (!waiting_q[i] || ahead_q[Ports*j+i]);
        end
      end
    end

    always_ff @(posedge clk_i or negedge rst_ni) begin
      if (!rst_ni) begin
        waiting_q <= '0;
        ahead_q   <= '0;
      end else begin
        waiting_q <= waiting_d;
        ahead_q   <= ahead_o;
      end
    end
  end

endmodule
