// One bank: Words words with byte enables, one read and one write a cycle. The data of a read stand at the output from
// the next cycle until the next read. A read in the cycle of a write to the same row gets the old word. What a word
// holds before it is first written is undefined.
module sram_bank #(
    parameter int unsigned Words    = 16,
    parameter int unsigned RowWidth = 4,
    parameter int unsigned DataBits = 32
) (
    input  logic                  clk_i,
    input  logic                  read_i,
    input  logic [RowWidth-1:0]   read_row_i,
    output logic [DataBits-1:0]   data_o,
    input  logic                  write_i,
    input  logic [RowWidth-1:0]   write_row_i,
    input  logic [DataBits-1:0]   data_i,
    input  logic [DataBits/8-1:0] enable_i
);

  logic [DataBits-1:0] words[Words];
  logic [DataBits-1:0] data_q;

  always_ff @(posedge clk_i) begin
    if (read_i) begin
      data_q <= words[read_row_i];
    end
    if (write_i) begin
      for (int unsigned b = 0; b < DataBits / 8; b++) begin
        if (enable_i[b]) begin
          words[write_row_i][8*b+:8] <= data_i[8*b+:8];
        end
      end
    end
  end

  assign data_o = data_q;

endmodule
