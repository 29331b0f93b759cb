// The receiving end of a link: accepts packets in order, each once, holds their flits until they are taken, and reports
// what it expects next and what it has freed. A packet whose last flit arrives in cycle t offers its first flit in t + 2.
module link_receiver #(
    parameter int unsigned FlitBits    = 128,
    parameter int unsigned BufferFlits = 64    // a power of two
) (
    input  logic                clk_i,
    input  logic                rst_ni,
    // Configuration: changes only under reset.
    input  logic [        15:0] buffer_flits_i,  // 1 to BufferFlits
    input  logic [        15:0] spacing_i,       // cycles
    input  logic [        15:0] refresh_i,       // cycles
    input  logic [         1:0] sync_i,
    input  logic [FlitBits-1:0] data_i,
    output logic                flit_valid_o,
    input  logic                flit_ready_i,
    output logic [FlitBits-1:0] flit_data_o,
    output logic                flit_last_o,     // the last flit of its message
    output logic [         1:0] control_sync_o,
    output logic [        63:0] control_data_o
);

  logic full, starts, write, last, accept, negative, seen;
  logic [7:0] expected;
  logic [15:0] freed;

  link_deframer #(
      .FlitBits(FlitBits)
  ) u_deframer (
      .clk_i,
      .rst_ni,
      .sync_i,
      .data_i,
      .full_i    (full),
      .begin_o   (starts),
      .write_o   (write),
      .last_o    (last),
      .accept_o  (accept),
      .negative_o(negative),
      .repeat_o  (seen),
      .expected_o(expected)
  );

  link_receive_buffer #(
      .FlitBits   (FlitBits),
      .BufferFlits(BufferFlits)
  ) u_buffer (
      .clk_i,
      .rst_ni,
      .buffer_flits_i,
      .begin_i     (starts),
      .accept_i    (accept),
      .write_i     (write),
      .write_data_i(data_i),
      .write_last_i(last),
      .full_o      (full),
      .flit_valid_o,
      .flit_ready_i,
      .flit_data_o,
      .flit_last_o,
      .freed_o     (freed)
  );

  link_control u_control (
      .clk_i,
      .rst_ni,
      .spacing_i,
      .refresh_i,
      .changed_i (accept || seen || (flit_valid_o && flit_ready_i)),
      .negative_i(negative),
      .expected_i(expected),
      .freed_i   (freed),
      .control_sync_o,
      .control_data_o
  );

endmodule
