// Decides which beats may enter. A fold is Rows weight beats, then its activation beats.
//
// The first activation beat of a fold needs all Rows weights in the shadow registers and swaps them in. Double
// buffered, the next fold's weights may enter from the cycle of that swap on, behind the stream; single buffered,
// from the cycle after the fold's last activation beat on.
module fold_control #(
    parameter int unsigned Rows = 4
) (
    input  logic            clk_i,
    input  logic            rst_ni,
    input  logic            en_i,
    input  logic            double_buffered_i,
    input  logic            weight_valid_i,
    output logic            weight_ready_o,
    input  logic            activation_valid_i,
    input  logic            activation_end_i,    // the last beat of its fold
    output logic            activation_ready_o,
    output logic            swap_o,
    output logic [Rows-1:0] load_o               // one-hot row of the weight beat taken in this cycle
);

  localparam int unsigned CountWidth = $clog2(Rows + 1);
  localparam logic [CountWidth-1:0] Full = CountWidth'(Rows);

  logic [CountWidth-1:0] loaded_d, loaded_q, row;
  logic streaming_d, streaming_q;
  logic weight_taken, activation_taken;

  assign activation_ready_o = en_i && (streaming_q || loaded_q == Full);
  assign activation_taken   = activation_valid_i && activation_ready_o;
  assign swap_o             = activation_taken && !streaming_q;

  assign row            = swap_o ? '0 : loaded_q;
  assign weight_ready_o = en_i && row != Full && (double_buffered_i || !(streaming_q || swap_o));
  assign weight_taken   = weight_valid_i && weight_ready_o;

  always_comb begin
    loaded_d    = row;
    streaming_d = streaming_q;
    load_o      = '0;
    if (weight_taken) begin
      loaded_d = row + CountWidth'(1);
      for (int unsigned r = 0; r < Rows; r++) begin
        load_o[r] = row == CountWidth'(r);
      end
    end
    if (activation_taken) begin
      streaming_d = !activation_end_i;
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      loaded_q    <= '0;
      streaming_q <= 1'b0;
    end else begin
      loaded_q    <= loaded_d;
      streaming_q <= streaming_d;
    end
  end

  LoadedWithinRows: assert property (@(posedge clk_i) disable iff (!rst_ni) loaded_q <= Full)
    else $error("more weight rows loaded than the array has");
  SwapOnlyWhenLoaded: assert property (@(posedge clk_i) disable iff (!rst_ni) swap_o |-> loaded_q == Full)
    else $error("a fold started before its weights were loaded");
  NothingTakenWhileFrozen: assert property (@(posedge clk_i) disable iff (!rst_ni)
                                            !en_i |-> !weight_taken && !activation_taken)
    else $error("a beat was taken while the array was frozen");

endmodule
