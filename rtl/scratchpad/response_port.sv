// One port's side of the responses: picks the data of its reads from the banks (its row of the response crossbar), one
// cycle after the grant or two, and queues what the port does not take. A read may be granted only while a credit is
// there: fewer than outstanding_i reads of the port are granted and not delivered.
module response_port #(
    parameter int unsigned Banks       = 4,
    parameter int unsigned BankWidth   = 2,
    parameter int unsigned DataBits    = 32,
    parameter int unsigned Outstanding = 4,
    parameter int unsigned CountWidth  = 3
) (
    input  logic                      clk_i,
    input  logic                      rst_ni,
    input  logic                      two_cycle_i,
    input  logic [CountWidth-1:0]     outstanding_i,
    input  logic                      granted_i,      // a read of this port
    input  logic [BankWidth-1:0]      bank_i,
    output logic                      credit_o,
    input  logic [Banks*DataBits-1:0] bank_data_i,
    output logic                      valid_o,
    input  logic                      ready_i,
    output logic [DataBits-1:0]       data_o
);

  logic [CountWidth-1:0] count_d, count_q;
  logic read_q, late_q, push;
  logic [BankWidth-1:0] bank_q;
  logic [DataBits-1:0] read_data, late_data_q, push_data;

  assign credit_o = count_q < outstanding_i;
  assign count_d  = count_q + CountWidth'(granted_i) - CountWidth'(valid_o && ready_i);

  always_comb begin
    read_data = '0;
    for (int unsigned b = 0; b < Banks; b++) begin
      if (bank_q == BankWidth'(b)) begin
        read_data = bank_data_i[b*DataBits+:DataBits];
      end
    end
  end

  assign push      = two_cycle_i ? late_q : read_q;
  assign push_data = two_cycle_i ? late_data_q : read_data;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      count_q <= '0;
      read_q  <= 1'b0;
      late_q  <= 1'b0;
    end else begin
      count_q <= count_d;
      read_q  <= granted_i;
      late_q  <= read_q;
    end
  end

  always_ff @(posedge clk_i) begin
    if (granted_i) begin
      bank_q <= bank_i;
    end
    if (read_q) begin
      late_data_q <= read_data;
    end
  end

  response_queue #(
      .Width(DataBits),
      .Depth(Outstanding)
  ) u_response_queue (
      .clk_i,
      .rst_ni,
      .push_i (push),
      .data_i (push_data),
      .valid_o,
      .ready_i,
      .data_o
  );

`ifndef SYNTHESIS
  CreditHeld: assert property (@(posedge clk_i) disable iff (!rst_ni) !(granted_i && !credit_o))
    else $error("a read was granted without a credit");
  ResponseHeld: assert property (@(posedge clk_i) disable iff (!rst_ni)
                                 valid_o && !ready_i |=> valid_o && $stable(data_o))
    else $error("a response was withdrawn or changed before it was taken");
`endif

endmodule
