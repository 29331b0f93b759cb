// Cuts a stream of flits into packets, which it writes into the replay buffer: at each flit marked last, and at
// max_payload_i flits. In the cycle after a packet's last flit its header is sealed with length, sequence number and CRC.
module link_packetizer #(
    parameter int unsigned FlitBits = 128
) (
    input  logic                clk_i,
    input  logic                rst_ni,
    input  logic [         7:0] max_payload_i,
    input  logic                room_i,         // for the open packet
    input  logic                flit_valid_i,
    output logic                flit_ready_o,
    input  logic [FlitBits-1:0] flit_data_i,
    input  logic                flit_last_i,
    output logic [         7:0] open_o,         // sequence number of the packet that is being filled
    output logic                write_o,
    output logic [         7:0] write_index_o,
    output logic                seal_o,
    output logic [         7:0] seal_sequence_o,
    output logic [        63:0] seal_header_o
);

  logic [7:0] open_d, open_q, fill_d, fill_q, length_d, length_q;
  logic seal_d, seal_q, last_d, last_q, taken, closes;
  logic [31:0] crc_d, crc_q, crc_next, crc_sealed, body;

  assign flit_ready_o    = room_i;
  assign taken           = flit_valid_i && room_i;
  assign closes          = flit_last_i || fill_q == max_payload_i - 8'd1;
  assign open_o          = open_q;
  assign write_o         = taken;
  assign write_index_o   = fill_q;
  assign seal_o          = seal_q;
  assign seal_sequence_o = open_q - 8'd1;
  assign body            = link_pkg::header_body(last_q, length_q, seal_sequence_o);
  assign seal_header_o   = {~crc_sealed, body};

  crc32 #(
      .Width(FlitBits)
  ) u_crc_payload (
      .state_i(fill_q == 8'd0 ? link_pkg::CrcStart : crc_q),
      .data_i (flit_data_i),
      .state_o(crc_next)
  );
  crc32 #(
      .Width(32)
  ) u_crc_header (
      .state_i(crc_q),
      .data_i (body),
      .state_o(crc_sealed)
  );

  always_comb begin
    open_d   = open_q;
    fill_d   = fill_q;
    crc_d    = crc_q;
    length_d = length_q;
    last_d   = last_q;
    seal_d   = 1'b0;
    if (taken) begin
      crc_d  = crc_next;
      fill_d = fill_q + 8'd1;
      if (closes) begin
        open_d   = open_q + 8'd1;
        fill_d   = 8'd0;
        length_d = fill_q + 8'd1;
        last_d   = flit_last_i;
        seal_d   = 1'b1;
      end
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      open_q   <= 8'd0;
      fill_q   <= 8'd0;
      length_q <= 8'd0;
      last_q   <= 1'b0;
      seal_q   <= 1'b0;
      crc_q    <= link_pkg::CrcStart;
    end else begin
      open_q   <= open_d;
      fill_q   <= fill_d;
      length_q <= length_d;
      last_q   <= last_d;
      seal_q   <= seal_d;
      crc_q    <= crc_d;
    end
  end

`ifndef SYNTHESIS
  FlitHeld: assert property (@(posedge clk_i) disable iff (!rst_ni)
                             flit_valid_i && !flit_ready_o |=>
                             flit_valid_i && $stable(flit_data_i) && $stable(flit_last_i))
    else $error("a flit was withdrawn or changed before it was taken");
  FillsWithinPacket: assert property (@(posedge clk_i) disable iff (!rst_ni) fill_q < max_payload_i)
    else $error("a packet is longer than allowed");
`endif

endmodule
