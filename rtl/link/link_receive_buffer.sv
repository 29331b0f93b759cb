// The receiver's buffer: flits of a packet are written before its CRC is known, and can be read once it is accepted.
// Counters are of all flits so far, modulo 2^16; BufferFlits is a power of two.
module link_receive_buffer #(
    parameter int unsigned FlitBits    = 128,
    parameter int unsigned BufferFlits = 64
) (
    input  logic                clk_i,
    input  logic                rst_ni,
    input  logic [        15:0] buffer_flits_i,  // that are used, up to BufferFlits
    input  logic                begin_i,
    input  logic                accept_i,
    input  logic                write_i,
    input  logic [FlitBits-1:0] write_data_i,
    input  logic                write_last_i,
    output logic                full_o,
    output logic                flit_valid_o,
    input  logic                flit_ready_i,
    output logic [FlitBits-1:0] flit_data_o,
    output logic                flit_last_o,
    output logic [        15:0] freed_o
);

  localparam int unsigned IndexBits = BufferFlits > 1 ? $clog2(BufferFlits) : 1;

  logic [FlitBits:0] flits[BufferFlits];
  logic [15:0] written_d, written_q, accepted_d, accepted_q, freed_d, freed_q;

  assign full_o       = written_q - freed_q == buffer_flits_i;
  assign flit_valid_o = accepted_q != freed_q;
  assign freed_o      = freed_q;
  assign {flit_last_o, flit_data_o} = flits[freed_q[IndexBits-1:0]];

  always_comb begin
    accepted_d = accept_i ? written_q : accepted_q;
    written_d  = written_q;
    freed_d    = freed_q;
    if (begin_i) begin
      written_d = accepted_d;
    end else if (write_i) begin
      written_d = written_q + 16'd1;
    end
    if (flit_valid_o && flit_ready_i) begin
      freed_d = freed_q + 16'd1;
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      written_q  <= 16'd0;
      accepted_q <= 16'd0;
      freed_q    <= 16'd0;
    end else begin
      written_q  <= written_d;
      accepted_q <= accepted_d;
      freed_q    <= freed_d;
    end
  end

  always_ff @(posedge clk_i) begin
    if (write_i) begin
      flits[written_q[IndexBits-1:0]] <= {write_last_i, write_data_i};
    end
  end

`ifndef SYNTHESIS
  WithinBuffer: assert property (@(posedge clk_i) disable iff (!rst_ni) write_i |-> !full_o)
    else $error("a flit was written into a full buffer");
  FlitHeld: assert property (@(posedge clk_i) disable iff (!rst_ni)
                             flit_valid_o && !flit_ready_i |=>
                             flit_valid_o && $stable(flit_data_o) && $stable(flit_last_o))
    else $error("a delivered flit was withdrawn or changed before it was taken");
`endif

endmodule
