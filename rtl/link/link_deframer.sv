// Finds packets in the words of the forward wire and judges them: a packet is accepted when its CRC is right and it is
// the one that comes next. Everything else is lost: a wrong CRC, a gap between its flits, flits without a header, a
// packet out of order. The first of these asks for a replay (negative_o, one cycle); later ones are silent until a
// header with the expected sequence number shows that the replay has come. A packet that was accepted before is
// acknowledged again (repeat_o).
//
// The verdict on a packet falls in the cycle after its last flit, in which the next header may already arrive.
module link_deframer #(
    parameter int unsigned FlitBits = 128
) (
    input  logic                clk_i,
    input  logic                rst_ni,
    input  logic [         1:0] sync_i,
    input  logic [FlitBits-1:0] data_i,
    input  logic                full_i,      // the buffer cannot take another flit
    output logic                begin_o,     // a packet starts: what was written and not accepted is void
    output logic                write_o,
    output logic                last_o,      // the flit written is the last of its message
    output logic                accept_o,
    output logic                negative_o,
    output logic                repeat_o,
    output logic [         7:0] expected_o
);

  logic collecting_d, collecting_q, check_d, check_q, take_d, take_q, asked_d, asked_q, lost;
  logic [63:0] header_d, header_q;
  logic [7:0] count_d, count_q, expected_d, expected_q, length;
  logic [31:0] crc_d, crc_q, crc_next, crc_whole;
  logic is_header, is_payload, intact;

  assign is_header  = sync_i == link_pkg::SyncHeader;
  assign is_payload = sync_i == link_pkg::SyncPayload;
  assign length     = header_q[15:8];

  crc32 #(
      .Width(FlitBits)
  ) u_crc_payload (
      .state_i(crc_q),
      .data_i (data_i),
      .state_o(crc_next)
  );
  crc32 #(
      .Width(32)
  ) u_crc_header (
      .state_i(crc_q),
      .data_i (header_q[31:0]),
      .state_o(crc_whole)
  );
  assign intact   = check_q && header_q[63:32] == ~crc_whole;
  assign accept_o = intact && take_q;
  assign repeat_o = intact && header_q[7:0] - expected_q >= 8'd128;

  assign begin_o    = is_header;
  assign write_o    = collecting_q && is_payload && take_q && !full_i;
  assign last_o     = header_q[31] && count_q == length - 8'd1;
  assign negative_o = lost && !asked_q;
  assign expected_o = expected_q;

  always_comb begin
    collecting_d = collecting_q;
    check_d      = 1'b0;
    take_d       = take_q;
    header_d     = header_q;
    count_d      = count_q;
    crc_d        = crc_q;
    expected_d   = accept_o ? expected_q + 8'd1 : expected_q;
    lost         = check_q && !accept_o && !repeat_o;
    if (is_header) begin
      header_d     = data_i[63:0];
      count_d      = 8'd0;
      crc_d        = link_pkg::CrcStart;
      take_d       = data_i[7:0] == expected_d;
      lost         = lost || collecting_q || data_i[15:8] == 8'd0;
      collecting_d = data_i[15:8] != 8'd0;
    end else if (collecting_q && is_payload) begin
      count_d = count_q + 8'd1;
      crc_d   = crc_next;
      take_d  = take_q && !full_i;
      if (count_q == length - 8'd1) begin
        collecting_d = 1'b0;
        check_d      = 1'b1;
      end
    end else if (collecting_q || sync_i != link_pkg::SyncIdle) begin
      lost         = 1'b1;
      collecting_d = 1'b0;
    end
    asked_d = (asked_q || lost) && !(is_header && take_d);
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      collecting_q <= 1'b0;
      check_q      <= 1'b0;
      take_q       <= 1'b0;
      asked_q      <= 1'b0;
      header_q     <= 64'd0;
      count_q      <= 8'd0;
      crc_q        <= link_pkg::CrcStart;
      expected_q   <= 8'd0;
    end else begin
      collecting_q <= collecting_d;
      check_q      <= check_d;
      take_q       <= take_d;
      asked_q      <= asked_d;
      header_q     <= header_d;
      count_q      <= count_d;
      crc_q        <= crc_d;
      expected_q   <= expected_d;
    end
  end

`ifndef SYNTHESIS
  VerdictOutsidePacket: assert property (@(posedge clk_i) disable iff (!rst_ni) check_q |-> !collecting_q)
    else $error("a packet was judged while its flits still came");
  OneVerdict: assert property (@(posedge clk_i) disable iff (!rst_ni) !(accept_o && repeat_o))
    else $error("a packet was both new and seen before");
`endif

endmodule
