// Holds the responses that a port has not taken; an empty queue hands on what comes in within the cycle.
module response_queue #(
    parameter int unsigned Width = 32,
    parameter int unsigned Depth = 4
) (
    input  logic             clk_i,
    input  logic             rst_ni,
    input  logic             push_i,
    input  logic [Width-1:0] data_i,
    output logic             valid_o,
    input  logic             ready_i,
    output logic [Width-1:0] data_o
);

  localparam int unsigned PlaceWidth = Depth > 1 ? $clog2(Depth) : 1;
  localparam int unsigned CountWidth = $clog2(Depth + 1);

  logic [Width-1:0] entries[Depth];
  logic [PlaceWidth-1:0] first_d, first_q, next_d, next_q;
  logic [CountWidth-1:0] count_d, count_q;
  logic empty, pop, keep;

  assign empty   = count_q == '0;
  assign valid_o = push_i || !empty;
  assign data_o  = empty ? data_i : entries[first_q];
  assign pop     = valid_o && ready_i && !empty;
  assign keep    = push_i && !(empty && ready_i);

  always_comb begin
    first_d = first_q;
    next_d  = next_q;
    count_d = count_q + CountWidth'(keep) - CountWidth'(pop);
    if (pop) begin
      first_d = first_q == PlaceWidth'(Depth - 1) ? '0 : first_q + PlaceWidth'(1);
    end
    if (keep) begin
      next_d = next_q == PlaceWidth'(Depth - 1) ? '0 : next_q + PlaceWidth'(1);
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      first_q <= '0;
      next_q  <= '0;
      count_q <= '0;
    end else begin
      first_q <= first_d;
      next_q  <= next_d;
      count_q <= count_d;
    end
  end

  always_ff @(posedge clk_i) begin
    if (keep) begin
      entries[next_q] <= data_i;
    end
  end

`ifndef SYNTHESIS
  RoomForPush: assert property (@(posedge clk_i) disable iff (!rst_ni)
                                !(keep && !pop && count_q == CountWidth'(Depth)))
    else $error("a response found its queue full");
`endif

endmodule
