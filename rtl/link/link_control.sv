// Sends what the transmitter must know: the sequence number that is expected next (all before it are acknowledged),
// whether a replay is needed, and how many flits of the buffer have been freed so far. A word goes out when any of them
// has changed, at least spacing_i cycles after the one before, and every refresh_i cycles anyway, so that a word that
// is lost to a bit error is made up for.
module link_control (
    input  logic        clk_i,
    input  logic        rst_ni,
    input  logic [15:0] spacing_i,
    input  logic [15:0] refresh_i,
    input  logic        changed_i,
    input  logic        negative_i,
    input  logic [ 7:0] expected_i,
    input  logic [15:0] freed_i,
    output logic [ 1:0] control_sync_o,
    output logic [63:0] control_data_o
);

  logic due_d, due_q, negative_d, negative_q, send;
  logic [15:0] since_d, since_q;
  logic [31:0] body, crc;

  assign send = (due_q && since_q >= spacing_i) || since_q >= refresh_i;
  assign body = link_pkg::control_body(negative_q, expected_i, freed_i);
  crc32 #(
      .Width(32)
  ) u_crc (
      .state_i(link_pkg::CrcStart),
      .data_i (body),
      .state_o(crc)
  );
  assign control_sync_o = send ? link_pkg::SyncHeader : link_pkg::SyncIdle;
  assign control_data_o = send ? {~crc, body} : 64'd0;

  always_comb begin
    due_d      = due_q;
    negative_d = negative_q;
    since_d    = since_q == 16'hFFFF ? since_q : since_q + 16'd1;
    if (send) begin
      due_d      = 1'b0;
      negative_d = 1'b0;
      since_d    = 16'd1;
    end
    if (changed_i || negative_i) begin
      due_d = 1'b1;
    end
    if (negative_i) begin
      negative_d = 1'b1;
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      due_q      <= 1'b0;
      negative_q <= 1'b0;
      since_q    <= 16'd0;
    end else begin
      due_q      <= due_d;
      negative_q <= negative_d;
      since_q    <= since_d;
    end
  end

`ifndef SYNTHESIS
  SpacedApart: assert property (@(posedge clk_i) disable iff (!rst_ni)
                                send |-> since_q >= spacing_i || since_q >= refresh_i)
    else $error("a control word followed the one before too soon");
  ReplayIsAskedFor: assert property (@(posedge clk_i) disable iff (!rst_ni) negative_q |-> due_q)
    else $error("a request for a replay waits for no word");
`endif

endmodule
