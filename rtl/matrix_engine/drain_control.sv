// Output-stationary order of beats: decides which may enter, and when the sums of a finished tile leave.
//
// A beat takes both ports in the same cycle: valid at one port makes the other ready. When the last beat of a tile has
// entered in cycle T (of enabled cycles), element (r, c) has copied its sum into its partial register by T + r + c + 1,
// and column c moves down in cycles T + Rows + c and on: row r takes from above in r cycles, the bottom row's sum leaves
// first. A tile that ends Rows cycles after the one before therefore never meets its sums: double-buffered, the last
// beat of a tile waits for that. Single-buffered (no partial register: the sums leave from where they were made), the
// first beat waits until Rows cycles have passed behind the last beat.
module drain_control #(
    parameter int unsigned Rows = 4
) (
    input  logic            clk_i,
    input  logic            rst_ni,
    input  logic            en_i,
    input  logic            double_buffered_i,
    input  logic            weight_valid_i,
    output logic            weight_ready_o,
    input  logic            activation_valid_i,
    input  logic            activation_end_i,    // the last beat of its tile
    output logic            activation_ready_o,
    output logic            taken_o,
    output logic            first_o,             // the beat taken starts a tile
    output logic            capture_o,           // the beat taken ends a tile
    output logic [Rows-1:0] shift_o,             // rows that take from above, in column 0
    output logic            delivering_o         // high for Rows cycles from capture_o on
);

  // Bit i: a tile's last beat entered i + 1 cycles ago.
  localparam int unsigned Memory = Rows > 2 ? 2 * Rows - 2 : Rows;
  logic [Memory-1:0] ended_d, ended_q;
  logic streaming_d, streaming_q, open, hidden, drained;

  if (Rows == 1) begin : gen_nothing_to_hide
    assign hidden = 1'b1;
  end else begin : gen_hidden
    assign hidden = ended_q[Rows-2:0] == '0;
  end
  assign drained = ended_q[Rows-1:0] == '0;
  assign open    = double_buffered_i ? hidden || !activation_end_i : drained || streaming_q;

  assign weight_ready_o     = en_i && open && activation_valid_i;
  assign activation_ready_o = en_i && open && weight_valid_i;
  assign taken_o            = activation_valid_i && activation_ready_o;
  assign first_o            = taken_o && !streaming_q;
  assign capture_o          = taken_o && activation_end_i;

  always_comb begin
    streaming_d = streaming_q;
    if (taken_o) begin
      streaming_d = !activation_end_i;
    end
  end

  if (Memory == 1) begin : gen_one
    assign ended_d = capture_o;
  end else begin : gen_many
    assign ended_d = {ended_q[Memory-2:0], capture_o};
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      streaming_q <= 1'b0;
      ended_q     <= '0;
    end else if (en_i) begin
      streaming_q <= streaming_d;
      ended_q     <= ended_d;
    end
  end

  assign shift_o[0] = 1'b0;  // nothing is above row 0
  for (genvar r = 1; r < Rows; r++) begin : gen_shift
    assign shift_o[r] = ended_q[Rows-1+:r] != '0;
  end
  if (Rows == 1) begin : gen_one_beat
    assign delivering_o = capture_o;
  end else begin : gen_beats
    assign delivering_o = capture_o || ended_q[Rows-2:0] != '0;
  end

  BothPortsTogether: assert property (@(posedge clk_i) disable iff (!rst_ni)
                                      (weight_valid_i && weight_ready_o) == taken_o)
    else $error("one port of a beat was taken without the other");
  EndsApart: assert property (@(posedge clk_i) disable iff (!rst_ni) capture_o |-> hidden)
    else $error("a tile ended before the one before it could leave");
  NothingTakenWhileFrozen: assert property (@(posedge clk_i) disable iff (!rst_ni) !en_i |-> !taken_o)
    else $error("a beat was taken while the array was frozen");

endmodule
