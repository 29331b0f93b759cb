// The scratchpad: Banks banks of WordsPerBank words of DataBits, shared by Ports ports through a crossbar.
//
//   port p --- bank_address ---+                        +-- response_port p --- port p
//                              |   one for each bank    |
//   ports' requests ---------- bank_arbiter, request_mux, sram_bank
//                              |
//            age_order --------+
//
// Handshake: a request passes (is granted) in a cycle in which valid and ready are both high; ready depends on the
// requests of that cycle. Valid, once high, stays and the request is stable until then. Only reads are answered, in the
// order of the port's requests; an answer is held until the port takes it.
//
// Each cycle a bank grants one request, or with one_read_one_write_i one read and one write. A write takes effect at the
// end of the cycle of its grant: reads granted later see it, a read granted in the same cycle does not.
//
// Timing: the answer to a read granted in cycle t stands at the port from t+1 on, two_cycle_i: from t+2 on, or behind
// the port's answers before it, one a cycle. A port may have outstanding_i reads granted and not delivered; what is
// delivered in a cycle counts until its end. One read a cycle without pause needs 2 of them, two_cycle_i: 3.
// Synthesis leaves the assertions out: Yosys 0.23 cannot read them.
module scratchpad #(
    parameter int unsigned Banks        = 4,   // a power of two
    parameter int unsigned Ports        = 2,
    parameter int unsigned DataBits     = 32,  // a multiple of 8
    parameter int unsigned WordsPerBank = 16,
    parameter int unsigned Outstanding  = 4,   // most reads of a port that are granted and not delivered
    // What follows from them.
    parameter int unsigned AddressWidth = Banks * WordsPerBank > 1 ? $clog2(Banks * WordsPerBank) : 1,
    parameter int unsigned CountWidth   = $clog2(Outstanding + 1)
) (
    input  logic                          clk_i,
    input  logic                          rst_ni,
    // Configuration: changes only while nothing is requested or outstanding.
    input  logic                          hashed_i,
    input  logic                          age_i,
    input  logic                          one_read_one_write_i,
    input  logic                          two_cycle_i,
    input  logic [CountWidth-1:0]         outstanding_i,  // 1 to Outstanding
    // Port p at [width * p +:].
    input  logic [Ports-1:0]              request_valid_i,
    output logic [Ports-1:0]              request_ready_o,
    input  logic [Ports-1:0]              request_write_i,
    input  logic [Ports*AddressWidth-1:0] request_address_i,  // in words
    input  logic [Ports*DataBits-1:0]     request_data_i,
    input  logic [Ports*DataBits/8-1:0]   request_enable_i,
    output logic [Ports-1:0]              response_valid_o,
    input  logic [Ports-1:0]              response_ready_i,
    output logic [Ports*DataBits-1:0]     response_data_o
);

  localparam int unsigned BankWidth = Banks > 1 ? $clog2(Banks) : 1;
  localparam int unsigned RowWidth  = WordsPerBank > 1 ? $clog2(WordsPerBank) : 1;

  logic [Ports*BankWidth-1:0] bank;
  logic [Ports*RowWidth-1:0] row;
  logic [Ports-1:0] credit, eligible;
  logic [Ports*Ports-1:0] ahead;
  // Bank b at [Ports * b +:]. The first arbiter serves all requests, or only reads beside the second.
  logic [Banks*Ports-1:0] first_grant, second_grant;
  logic [Banks*DataBits-1:0] bank_data;

  assign eligible = request_valid_i & (request_write_i | credit);

  age_order #(
      .Ports(Ports)
  ) u_age_order (
      .clk_i,
      .rst_ni,
      .valid_i(request_valid_i),
      .taken_i(request_ready_o),
      .ahead_o(ahead)
  );

  for (genvar b = 0; b < Banks; b++) begin : gen_bank
    logic [Ports-1:0] wanted, first, second, read_grant, write_grant;
    logic [RowWidth-1:0] read_row, write_row;
    logic [DataBits-1:0] data;
    logic [DataBits/8-1:0] enable;

    for (genvar p = 0; p < Ports; p++) begin : gen_wanted
      assign wanted[p] = eligible[p] && bank[p*BankWidth+:BankWidth] == BankWidth'(b);
    end
    assign second = wanted & request_write_i & {Ports{one_read_one_write_i}};
    assign first  = wanted & ~second;

    bank_arbiter #(
        .Ports(Ports)
    ) u_first (
        .clk_i,
        .rst_ni,
        .age_i,
        .request_i(first),
        .ahead_i  (ahead),
        .grant_o  (first_grant[b*Ports+:Ports])
    );
    bank_arbiter #(
        .Ports(Ports)
    ) u_second (
        .clk_i,
        .rst_ni,
        .age_i,
        .request_i(second),
        .ahead_i  (ahead),
        .grant_o  (second_grant[b*Ports+:Ports])
    );

    assign read_grant  = first_grant[b*Ports+:Ports] & ~request_write_i;
    assign write_grant = (first_grant[b*Ports+:Ports] & request_write_i) | second_grant[b*Ports+:Ports];

    request_mux #(
        .Ports   (Ports),
        .RowWidth(RowWidth),
        .DataBits(DataBits)
    ) u_request_mux (
        .read_grant_i (read_grant),
        .write_grant_i(write_grant),
        .row_i        (row),
        .data_i       (request_data_i),
        .enable_i     (request_enable_i),
        .read_row_o   (read_row),
        .write_row_o  (write_row),
        .data_o       (data),
        .enable_o     (enable)
    );

    sram_bank #(
        .Words   (WordsPerBank),
        .RowWidth(RowWidth),
        .DataBits(DataBits)
    ) u_sram_bank (
        .clk_i,
        .read_i     (read_grant != '0),
        .read_row_i (read_row),
        .data_o     (bank_data[b*DataBits+:DataBits]),
        .write_i    (write_grant != '0),
        .write_row_i(write_row),
        .data_i     (data),
        .enable_i   (enable)
    );

`ifndef SYNTHESIS
    OneAccess: assert property (@(posedge clk_i) disable iff (!rst_ni)
                                one_read_one_write_i || read_grant == '0 || write_grant == '0)
      else $error("a single-ported bank read and wrote in one cycle");
`endif
  end

  always_comb begin
    request_ready_o = '0;
    for (int unsigned b = 0; b < Banks; b++) begin
      request_ready_o = request_ready_o | first_grant[b*Ports+:Ports] | second_grant[b*Ports+:Ports];
    end
  end

  for (genvar p = 0; p < Ports; p++) begin : gen_port
    bank_address #(
        .Banks       (Banks),
        .AddressWidth(AddressWidth),
        .BankWidth   (BankWidth),
        .RowWidth    (RowWidth)
    ) u_bank_address (
        .hashed_i,
        .address_i(request_address_i[p*AddressWidth+:AddressWidth]),
        .bank_o   (bank[p*BankWidth+:BankWidth]),
        .row_o    (row[p*RowWidth+:RowWidth])
    );

    response_port #(
        .Banks      (Banks),
        .BankWidth  (BankWidth),
        .DataBits   (DataBits),
        .Outstanding(Outstanding),
        .CountWidth (CountWidth)
    ) u_response_port (
        .clk_i,
        .rst_ni,
        .two_cycle_i,
        .outstanding_i,
        .granted_i  (request_ready_o[p] && !request_write_i[p]),
        .bank_i     (bank[p*BankWidth+:BankWidth]),
        .credit_o   (credit[p]),
        .bank_data_i(bank_data),
        .valid_o    (response_valid_o[p]),
        .ready_i    (response_ready_i[p]),
        .data_o     (response_data_o[p*DataBits+:DataBits])
    );

`ifndef SYNTHESIS
    RequestHeld: assert property (@(posedge clk_i) disable iff (!rst_ni)
                                  request_valid_i[p] && !request_ready_o[p] |=>
                                  request_valid_i[p] && $stable(request_write_i[p]) &&
                                  $stable(request_address_i[p*AddressWidth+:AddressWidth]) &&
                                  (!request_write_i[p] || ($stable(request_data_i[p*DataBits+:DataBits]) &&
                                   $stable(request_enable_i[p*DataBits/8+:DataBits/8]))))
      else $error("a request was withdrawn or changed before it was granted");
    AddressWithin: assert property (@(posedge clk_i) disable iff (!rst_ni)
                                    !request_valid_i[p] ||
                                    32'(request_address_i[p*AddressWidth+:AddressWidth]) < Banks * WordsPerBank)
      else $error("a request beyond the last word");
`endif
  end

endmodule
