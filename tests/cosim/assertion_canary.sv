// Fails its one assertion on the first clock edge with fail_i high. A test that expects the failure guards against a
// build in which assertions are silently off.
module assertion_canary (
    input logic clk_i,
    input logic fail_i
);

  Canary: assert property (@(posedge clk_i) !fail_i)
    else $error("the canary sang");

endmodule
