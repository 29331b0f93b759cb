// What stands on the wires of a link (models/link/packet.h has the same in C++).
//
// Forward, a word a cycle: two synchronisation bits and a flit. A packet is a header flit and its payload flits, without
// gaps. Header, bits [31:0] the body, [63:32] the CRC-32 of the payload flits and then the body, the rest zero and
// ignored. Backward: two synchronisation bits and 64 bits, [31:0] the body, [63:32] its CRC-32.
package link_pkg;

  // As in 64b/66b, one flipped bit never makes one of a header and a payload flit out of the other.
  localparam logic [1:0] SyncIdle    = 2'b00;
  localparam logic [1:0] SyncPayload = 2'b01;
  localparam logic [1:0] SyncHeader  = 2'b10;  // and a word backward

  localparam logic [31:0] CrcStart = 32'hFFFFFFFF;  // IEEE 802.3: starts from all ones, ends complemented

  // Body of a header: {last, 15'd0, length, sequence}.
  function automatic logic [31:0] header_body(input logic last, input logic [7:0] length,
                                              input logic [7:0] sequence_number);
    header_body = {last, 15'd0, length, sequence_number};
  endfunction

  // Body of a word backward: {negative, 7'd0, expected sequence, flits freed}.
  function automatic logic [31:0] control_body(input logic negative, input logic [7:0] expected,
                                               input logic [15:0] freed);
    control_body = {negative, 7'd0, expected, freed};
  endfunction

endpackage
