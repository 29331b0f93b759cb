// A shift register of Depth stages that moves only while en_i is high; Depth 0 is a wire.
module delay_line #(
    parameter int unsigned Width = 1,
    parameter int unsigned Depth = 1
) (
    input  logic             clk_i,
    input  logic             rst_ni,
    input  logic             en_i,
    input  logic [Width-1:0] data_i,
    output logic [Width-1:0] data_o
);

  if (Depth == 0) begin : gen_wire
    // A wire has no use for its clock; naming the three here keeps lint's unused-signal check on.
    logic unused_clock;
    assign unused_clock = &{1'b0, clk_i, rst_ni, en_i};
    assign data_o = data_i;
  end else begin : gen_stages
    logic [Depth*Width-1:0] stages_d, stages_q;

    // The newest value enters at the least significant end; the oldest leaves at the most significant one.
    if (Depth == 1) begin : gen_one
      assign stages_d = data_i;
    end else begin : gen_many
      assign stages_d = {stages_q[(Depth-1)*Width-1:0], data_i};
    end

    always_ff @(posedge clk_i or negedge rst_ni) begin
      if (!rst_ni) begin
        stages_q <= '0;
      end else if (en_i) begin
        stages_q <= stages_d;
      end
    end

    assign data_o = stages_q[Depth*Width-1-:Width];
  end

endmodule
