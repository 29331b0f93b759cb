// One direction of a link for simulation: transmitter and receiver, joined by two wires whose bit errors the testbench
// injects. Word forward: {sync, flit}; backward: {sync, 64 bits}.
//
// Handshake at both ends: a flit passes in a cycle in which valid and ready are both high; valid, once high, stays and
// its data is stable until then.
//
// Timing of a packet of L flits on a free link, taken in cycles 0 .. L-1 (forward delay D, backward B):
//   header on the wire             L + 1
//   flits on the wire              L + 2 .. 2L + 1
//   verdict of the receiver        2L + 2 + D
//   flits delivered                2L + 3 + D .. 3L + 2 + D
//   acknowledgement arrives        2L + 3 + D + B, the replay buffer's slot is free one cycle later
//   credit of its last flit there  3L + 3 + D + B, of use one cycle later
module link #(
    parameter int unsigned FlitBits        = 128,
    parameter int unsigned MaxPayloadFlits = 16,
    parameter int unsigned ReplayPackets   = 16,
    parameter int unsigned BufferFlits     = 64
) (
    input  logic                clk_i,
    input  logic                rst_ni,
    input  logic [         7:0] max_payload_i,
    input  logic [         7:0] replay_packets_i,
    input  logic [        15:0] credit_flits_i,
    input  logic [        15:0] timeout_i,
    input  logic [        15:0] spacing_i,
    input  logic [        15:0] refresh_i,
    input  logic [         7:0] forward_delay_i,
    input  logic [         7:0] backward_delay_i,
    input  logic                in_valid_i,
    output logic                in_ready_o,
    input  logic [FlitBits-1:0] in_data_i,
    input  logic                in_last_i,
    input  logic [         1:0] sync_errors_i,
    input  logic [FlitBits-1:0] data_errors_i,
    input  logic [         1:0] control_sync_errors_i,
    input  logic [        63:0] control_data_errors_i,
    output logic                out_valid_o,
    input  logic                out_ready_i,
    output logic [FlitBits-1:0] out_data_o,
    output logic                out_last_o
);

  logic [1:0] sent_sync, arrived_sync, told_sync, heard_sync;
  logic [FlitBits-1:0] sent_data, arrived_data;
  logic [63:0] told_data, heard_data;

  link_transmitter #(
      .FlitBits       (FlitBits),
      .MaxPayloadFlits(MaxPayloadFlits),
      .ReplayPackets  (ReplayPackets)
  ) u_transmitter (
      .clk_i,
      .rst_ni,
      .max_payload_i,
      .replay_packets_i,
      .credit_flits_i,
      .timeout_i,
      .flit_valid_i  (in_valid_i),
      .flit_ready_o  (in_ready_o),
      .flit_data_i   (in_data_i),
      .flit_last_i   (in_last_i),
      .control_sync_i(heard_sync),
      .control_data_i(heard_data),
      .sync_o        (sent_sync),
      .data_o        (sent_data)
  );

  link_wire #(
      .Width(FlitBits + 2)
  ) u_forward (
      .clk_i,
      .rst_ni,
      .delay_i (forward_delay_i),
      .errors_i({sync_errors_i, data_errors_i}),
      .data_i  ({sent_sync, sent_data}),
      .data_o  ({arrived_sync, arrived_data})
  );

  link_receiver #(
      .FlitBits   (FlitBits),
      .BufferFlits(BufferFlits)
  ) u_receiver (
      .clk_i,
      .rst_ni,
      .buffer_flits_i(credit_flits_i),
      .spacing_i,
      .refresh_i,
      .sync_i        (arrived_sync),
      .data_i        (arrived_data),
      .flit_valid_o  (out_valid_o),
      .flit_ready_i  (out_ready_i),
      .flit_data_o   (out_data_o),
      .flit_last_o   (out_last_o),
      .control_sync_o(told_sync),
      .control_data_o(told_data)
  );

  link_wire #(
      .Width(66)
  ) u_backward (
      .clk_i,
      .rst_ni,
      .delay_i (backward_delay_i),
      .errors_i({control_sync_errors_i, control_data_errors_i}),
      .data_i  ({told_sync, told_data}),
      .data_o  ({heard_sync, heard_data})
  );

endmodule
