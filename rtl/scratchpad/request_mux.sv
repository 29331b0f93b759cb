// One bank's column of the request crossbar: the granted port's row, data and byte enables reach the bank. The grants
// are one-hot or zero; zero gives zero.
module request_mux #(
    parameter int unsigned Ports    = 4,
    parameter int unsigned RowWidth = 4,
    parameter int unsigned DataBits = 32
) (
    input  logic [Ports-1:0]            read_grant_i,
    input  logic [Ports-1:0]            write_grant_i,
    input  logic [Ports*RowWidth-1:0]   row_i,
    input  logic [Ports*DataBits-1:0]   data_i,
    input  logic [Ports*DataBits/8-1:0] enable_i,
    output logic [RowWidth-1:0]         read_row_o,
    output logic [RowWidth-1:0]         write_row_o,
    output logic [DataBits-1:0]         data_o,
    output logic [DataBits/8-1:0]       enable_o
);

  localparam int unsigned Bytes = DataBits / 8;

  always_comb begin
    read_row_o  = '0;
    write_row_o = '0;
    data_o      = '0;
    enable_o    = '0;
    for (int unsigned p = 0; p < Ports; p++) begin
      read_row_o  = read_row_o | (row_i[p*RowWidth+:RowWidth] & {RowWidth{read_grant_i[p]}});
      write_row_o = write_row_o | (row_i[p*RowWidth+:RowWidth] & {RowWidth{write_grant_i[p]}});
      data_o      = data_o | (data_i[p*DataBits+:DataBits] & {DataBits{write_grant_i[p]}});
      enable_o    = enable_o | (enable_i[p*Bytes+:Bytes] & {Bytes{write_grant_i[p]}});
    end
  end

endmodule
