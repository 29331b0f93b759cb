// Where a word lies: the bank and the row in it. Low-order: bank = address mod Banks. Hashed: the same, exclusive-or all
// higher groups of as many address bits, so that strides of a power of two leave no bank out; in a row each bank still
// holds one word. Banks is a power of two; the row is address / Banks either way.
module bank_address #(
    parameter int unsigned Banks        = 4,
    parameter int unsigned AddressWidth = 6,
    parameter int unsigned BankWidth    = 2,
    parameter int unsigned RowWidth     = 4
) (
    input  logic                    hashed_i,
    input  logic [AddressWidth-1:0] address_i,
    output logic [BankWidth-1:0]    bank_o,
    output logic [RowWidth-1:0]     row_o
);

  if (Banks == 1) begin : gen_one_bank
    // Nothing to choose; naming it keeps lint's unused-signal check on.
    logic unused_hashed;
    assign unused_hashed = &{1'b0, hashed_i};
    assign bank_o = '0;
    assign row_o  = RowWidth'(address_i);
  end else begin : gen_banks
    localparam int unsigned Groups = (AddressWidth + BankWidth - 1) / BankWidth;
    logic [Groups*BankWidth-1:0] padded;

    assign padded = (Groups * BankWidth)'(address_i);

    always_comb begin
      bank_o = padded[BankWidth-1:0];
      if (hashed_i) begin
        for (int unsigned g = 1; g < Groups; g++) begin
          bank_o = bank_o ^ padded[g*BankWidth+:BankWidth];
        end
      end
    end

    assign row_o = RowWidth'(address_i >> BankWidth);
  end

endmodule
