// Sends the packets of the replay buffer, a flit a cycle: new ones while the receiver has room for the whole packet, and
// all that are not acknowledged again (go-back-N) after a negative acknowledgement, or when timeout_i cycles pass in
// which none of them is acknowledged. A packet that has begun is sent to its end.
//
// Sequence numbers of 8 bits: acknowledged <= sent next <= never sent <= sealed, at most 128 apart.
// Credits: freed flits count up modulo 2^16 at the receiver; what may be under way is credit_flits_i.
module link_sender #(
    parameter int unsigned FlitBits = 128
) (
    input  logic                clk_i,
    input  logic                rst_ni,
    input  logic [        15:0] credit_flits_i,
    input  logic [        15:0] timeout_i,
    input  logic                seal_i,          // one more packet is ready
    output logic [         7:0] oldest_o,        // packets before this one may be overwritten
    output logic [         7:0] read_sequence_o,
    output logic [         7:0] read_index_o,
    input  logic [        63:0] read_header_i,
    input  logic [FlitBits-1:0] read_data_i,
    input  logic [         1:0] control_sync_i,  // backward wire
    input  logic [        63:0] control_data_i,
    output logic [         1:0] sync_o,          // forward wire
    output logic [FlitBits-1:0] data_o
);

  logic [7:0] acked_d, acked_q, send_d, send_q, first_d, first_q, sealed_d, sealed_q, index_d, index_q, length_d, length_q;
  logic sending_d, sending_q, replay_d, replay_q;
  logic [15:0] sent_d, sent_q, freed_d, freed_q, timer_d, timer_q;

  // ---- Backward wire
  logic [31:0] control_crc;
  logic control_ok, negative, fired, outstanding;
  logic [7:0] acknowledged;
  crc32 #(
      .Width(32)
  ) u_crc_control (
      .state_i(link_pkg::CrcStart),
      .data_i (control_data_i[31:0]),
      .state_o(control_crc)
  );
  assign control_ok   = control_sync_i == link_pkg::SyncHeader && control_data_i[63:32] == ~control_crc;
  assign negative     = control_ok && control_data_i[31];
  assign acknowledged = control_data_i[23:16];
  assign outstanding  = acked_q != first_q;
  assign fired        = outstanding && timer_q >= timeout_i;

  // ---- The packet that may start in this cycle
  logic [7:0] next;
  logic behind, again, start;
  logic [15:0] credits;
  assign behind  = send_q - acked_q > sealed_q - acked_q;  // acknowledged while it was sent again
  assign next    = replay_q || behind ? acked_q : send_q;
  assign again   = next != first_q;
  assign credits = credit_flits_i + freed_q - sent_q;
  assign start   = !sending_q && next != sealed_q && (again || credits >= {8'd0, read_header_i[15:8]});

  assign oldest_o        = sending_q && behind ? send_q : acked_q;
  assign read_sequence_o = sending_q ? send_q : next;
  assign read_index_o    = index_q;

  always_comb begin
    sync_o = link_pkg::SyncIdle;
    data_o = '0;
    if (start) begin
      sync_o       = link_pkg::SyncHeader;
      data_o[63:0] = read_header_i;
    end else if (sending_q) begin
      sync_o = link_pkg::SyncPayload;
      data_o = read_data_i;
    end
  end

  always_comb begin
    acked_d   = acked_q;
    send_d    = send_q;
    first_d   = first_q;
    sealed_d  = sealed_q;
    index_d   = index_q;
    length_d  = length_q;
    sending_d = sending_q;
    replay_d  = replay_q;
    sent_d    = sent_q;
    freed_d   = freed_q;
    timer_d   = timer_q + 16'd1;
    if (seal_i) begin
      sealed_d = sealed_q + 8'd1;
    end
    if (start) begin
      send_d    = next;
      sending_d = 1'b1;
      index_d   = 8'd0;
      length_d  = read_header_i[15:8];
      replay_d  = 1'b0;
      if (!again) begin
        first_d = first_q + 8'd1;
        sent_d  = sent_q + {8'd0, read_header_i[15:8]};
      end
    end else if (sending_q) begin
      index_d = index_q + 8'd1;
      if (index_q == length_q - 8'd1) begin
        sending_d = 1'b0;
        send_d    = send_q + 8'd1;
      end
    end
    if (control_ok) begin
      freed_d = control_data_i[15:0];
      if (acknowledged - acked_q <= first_q - acked_q) begin
        acked_d = acknowledged;
      end
    end
    if (negative || fired) begin
      replay_d = 1'b1;
    end
    if (!outstanding || fired || acked_d != acked_q || (start && replay_q)) begin
      timer_d = 16'd0;
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      acked_q   <= 8'd0;
      send_q    <= 8'd0;
      first_q   <= 8'd0;
      sealed_q  <= 8'd0;
      index_q   <= 8'd0;
      length_q  <= 8'd0;
      sending_q <= 1'b0;
      replay_q  <= 1'b0;
      sent_q    <= 16'd0;
      freed_q   <= 16'd0;
      timer_q   <= 16'd0;
    end else begin
      acked_q   <= acked_d;
      send_q    <= send_d;
      first_q   <= first_d;
      sealed_q  <= sealed_d;
      index_q   <= index_d;
      length_q  <= length_d;
      sending_q <= sending_d;
      replay_q  <= replay_d;
      sent_q    <= sent_d;
      freed_q   <= freed_d;
      timer_q   <= timer_d;
    end
  end

`ifndef SYNTHESIS
  CreditsWithinBuffer: assert property (@(posedge clk_i) disable iff (!rst_ni) credits <= credit_flits_i)
    else $error("more credits than the receiver's buffer has room");
  PacketsInOrder: assert property (@(posedge clk_i) disable iff (!rst_ni) first_q - acked_q <= sealed_q - acked_q)
    else $error("a packet was sent before it was sealed");
  PacketHasPayload: assert property (@(posedge clk_i) disable iff (!rst_ni) sending_q |-> index_q < length_q)
    else $error("a packet went on after its last flit");
`endif

endmodule
