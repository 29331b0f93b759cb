// The sending end of a link: packets of the flit stream wait in the replay buffer, are sent while the receiver has room,
// and leave the buffer when they are acknowledged.
//
// A packet whose last flit is taken in cycle t is sealed in t + 1; its header is on the wire in t + 2 if nothing is before
// it. No more than ReplayPackets packets, of which replay_packets_i are used; ReplayPackets is a power of two up to 128.
module link_transmitter #(
    parameter int unsigned FlitBits        = 128,
    parameter int unsigned MaxPayloadFlits = 16,  // a power of two
    parameter int unsigned ReplayPackets   = 16
) (
    input  logic                clk_i,
    input  logic                rst_ni,
    // Configuration: changes only under reset.
    input  logic [         7:0] max_payload_i,     // flits, 1 to MaxPayloadFlits
    input  logic [         7:0] replay_packets_i,  // 1 to ReplayPackets
    input  logic [        15:0] credit_flits_i,    // the receiver's buffer
    input  logic [        15:0] timeout_i,         // cycles
    input  logic                flit_valid_i,
    output logic                flit_ready_o,
    input  logic [FlitBits-1:0] flit_data_i,
    input  logic                flit_last_i,       // the last flit of its message
    input  logic [         1:0] control_sync_i,
    input  logic [        63:0] control_data_i,
    output logic [         1:0] sync_o,
    output logic [FlitBits-1:0] data_o
);

  localparam int unsigned SlotBits  = ReplayPackets > 1 ? $clog2(ReplayPackets) : 1;
  localparam int unsigned IndexBits = MaxPayloadFlits > 1 ? $clog2(MaxPayloadFlits) : 1;

  logic [FlitBits-1:0] flits[ReplayPackets*MaxPayloadFlits];
  logic [63:0] headers[ReplayPackets];

  logic [7:0] open, write_index, seal_sequence, oldest, read_sequence, read_index;
  logic write, seal, room;
  logic [63:0] seal_header;
  assign room = open - oldest < replay_packets_i;

  link_packetizer #(
      .FlitBits(FlitBits)
  ) u_packetizer (
      .clk_i,
      .rst_ni,
      .max_payload_i,
      .room_i         (room),
      .flit_valid_i,
      .flit_ready_o,
      .flit_data_i,
      .flit_last_i,
      .open_o         (open),
      .write_o        (write),
      .write_index_o  (write_index),
      .seal_o         (seal),
      .seal_sequence_o(seal_sequence),
      .seal_header_o  (seal_header)
  );

  link_sender #(
      .FlitBits(FlitBits)
  ) u_sender (
      .clk_i,
      .rst_ni,
      .credit_flits_i,
      .timeout_i,
      .seal_i         (seal),
      .oldest_o       (oldest),
      .read_sequence_o(read_sequence),
      .read_index_o   (read_index),
      .read_header_i  (headers[read_sequence[SlotBits-1:0]]),
      .read_data_i    (flits[{read_sequence[SlotBits-1:0], read_index[IndexBits-1:0]}]),
      .control_sync_i,
      .control_data_i,
      .sync_o,
      .data_o
  );

  always_ff @(posedge clk_i) begin
    if (write) begin
      flits[{open[SlotBits-1:0], write_index[IndexBits-1:0]}] <= flit_data_i;
    end
    if (seal) begin
      headers[seal_sequence[SlotBits-1:0]] <= seal_header;
    end
  end

  // A slot is a part of a sequence number, an index a part of a length.
  logic unused;
  assign unused = &{1'b0, open, write_index, seal_sequence, read_sequence, read_index};

`ifndef SYNTHESIS
  WithinReplayBuffer: assert property (@(posedge clk_i) disable iff (!rst_ni) open - oldest <= replay_packets_i)
    else $error("the replay buffer holds more packets than it has room for");
`endif

endmodule
