// The number formats, and the widths of the datapaths that compute in them. Everything here is constant: functions of
// a format's code (the integer value of enum Format in models/numerics/format.h) or of a datapath's.
//
// A datapath is shared by the formats of its family and told which one at run time, or it is the datapath of a single
// format, code 32 + format, whose widths are no larger than that format needs.
package formats_pkg;

  localparam int unsigned Fp32 = 0;
  localparam int unsigned Tf32 = 1;
  localparam int unsigned Bf16 = 2;
  localparam int unsigned Fp16 = 3;
  localparam int unsigned Fp8E4m3 = 4;
  localparam int unsigned Fp8E5m2 = 5;
  localparam int unsigned Fp6E3m2 = 6;
  localparam int unsigned Fp6E2m3 = 7;
  localparam int unsigned Fp4 = 8;
  localparam int unsigned Int8 = 9;
  localparam int unsigned Int4 = 10;
  localparam int unsigned Mxfp8E4m3 = 11;
  localparam int unsigned Mxfp8E5m2 = 12;
  localparam int unsigned Mxfp6E3m2 = 13;
  localparam int unsigned Mxfp6E2m3 = 14;
  localparam int unsigned Mxfp4 = 15;
  localparam int unsigned Mxint8 = 16;
  localparam int unsigned Nvfp4 = 17;

  // Shared datapaths.
  localparam int unsigned Integer = 0;  // int8 int4
  localparam int unsigned Narrow = 1;  // floats of 8 bits or fewer, all block formats
  localparam int unsigned Half = 2;  // bf16 fp16 tf32
  localparam int unsigned Single = 3;  // fp32

  // How terms are summed: exactly; cut off to align_bits places; or either, chosen at run time.
  localparam int unsigned Exact = 0;
  localparam int unsigned Truncating = 1;
  localparam int unsigned Selectable = 2;

  function automatic int unsigned single_format(input int unsigned format);
    single_format = 32 + format;
  endfunction

  // ---- Formats

  // The element of a block format has the layout of a format without scales (mxint8: of int8).
  function automatic int unsigned layout(input int unsigned format);
    case (format)
      Mxfp8E4m3: layout = Fp8E4m3;
      Mxfp8E5m2: layout = Fp8E5m2;
      Mxfp6E3m2: layout = Fp6E3m2;
      Mxfp6E2m3: layout = Fp6E2m3;
      Mxfp4, Nvfp4: layout = Fp4;
      default: layout = format;
    endcase
  endfunction

  function automatic int unsigned fraction_bits(input int unsigned format);
    case (layout(format))
      Fp32: fraction_bits = 23;
      Tf32, Fp16: fraction_bits = 10;
      Bf16: fraction_bits = 7;
      Fp8E4m3, Fp6E2m3: fraction_bits = 3;
      Fp8E5m2, Fp6E3m2: fraction_bits = 2;
      Fp4: fraction_bits = 1;
      Mxint8: fraction_bits = 6;
      default: fraction_bits = 0;
    endcase
  endfunction

  function automatic int unsigned exponent_bits(input int unsigned format);
    case (layout(format))
      Fp32, Tf32, Bf16: exponent_bits = 8;
      Fp16, Fp8E5m2: exponent_bits = 5;
      Fp8E4m3: exponent_bits = 4;
      Fp6E3m2: exponent_bits = 3;
      Fp6E2m3, Fp4: exponent_bits = 2;
      default: exponent_bits = 0;
    endcase
  endfunction

  function automatic int unsigned element_bits(input int unsigned format);
    case (format)
      Int8, Mxint8: element_bits = 8;
      Int4: element_bits = 4;
      default: element_bits = 1 + exponent_bits(format) + fraction_bits(format);
    endcase
  endfunction

  // The smallest number of the format is 2^-places.
  function automatic int unsigned places(input int unsigned format);
    // bias - 1 + fraction_bits, and a bias of 2^(exponent_bits - 1) - 1
    places = exponent_bits(format) == 0 ? fraction_bits(format)
        : (1 << (exponent_bits(format) - 1)) - 2 + fraction_bits(format);
  endfunction

  function automatic bit has_scale(input int unsigned format);
    has_scale = format >= Mxfp8E4m3;
  endfunction

  // ---- Datapaths

  function automatic bit is_single_format(input int unsigned datapath);
    is_single_format = datapath >= 32;
  endfunction

  function automatic int unsigned family(input int unsigned datapath);
    case (datapath)
      Integer, Narrow, Half, Single: family = datapath;
      32 + Fp32: family = Single;
      32 + Tf32, 32 + Bf16, 32 + Fp16: family = Half;
      32 + Int8, 32 + Int4: family = Integer;
      default: family = Narrow;
    endcase
  endfunction

  // Can the datapath compute in the format?
  function automatic bit includes(input int unsigned datapath, input int unsigned format);
    includes = is_single_format(datapath) ? datapath == 32 + format : datapath == family(32 + format);
  endfunction

  function automatic int unsigned element_width(input int unsigned datapath);
    case (datapath)
      Integer, Narrow: element_width = 8;
      Half: element_width = 19;
      Single: element_width = 32;
      default: element_width = element_bits(datapath - 32);
    endcase
  endfunction

  function automatic int unsigned scale_width(input int unsigned datapath);
    scale_width = datapath == Narrow || (is_single_format(datapath) && has_scale(datapath - 32)) ? 8 : 0;
  endfunction

  // A lane: `length` elements, the first in the lowest bits, and the block scale above them.
  function automatic int unsigned lane_width(input int unsigned datapath, input int unsigned length);
    lane_width = length * element_width(datapath) + scale_width(datapath);
  endfunction

  // Every element is an integer significand times 2^exponent, in units of 2^-common_places.
  function automatic int unsigned common_places(input int unsigned datapath);
    case (datapath)
      Integer: common_places = 0;
      Narrow: common_places = places(Fp8E5m2);
      Half: common_places = places(Tf32);
      Single: common_places = places(Fp32);
      default: common_places = places(datapath - 32);
    endcase
  endfunction

  function automatic int unsigned significand_width(input int unsigned datapath);
    case (datapath)
      Integer, Narrow: significand_width = 8;
      Half: significand_width = 11;
      Single: significand_width = 24;
      32 + Mxint8: significand_width = 8;  // the magnitude of -128
      default: significand_width = fraction_bits(datapath - 32) + 1;
    endcase
  endfunction

  // What is added to the exponent of an element of the format, so that its unit is the datapath's.
  function automatic int unsigned exponent_offset(input int unsigned datapath, input int unsigned format);
    exponent_offset = common_places(datapath) > places(format) ? common_places(datapath) - places(format) : 0;
  endfunction

  function automatic int unsigned largest_exponent(input int unsigned datapath);
    case (datapath)
      Narrow: largest_exponent = 29;  // e5m2
      Half: largest_exponent = 256;  // bf16
      Single: largest_exponent = 253;
      32 + Fp32, 32 + Tf32, 32 + Bf16: largest_exponent = 253;
      32 + Fp16, 32 + Fp8E5m2, 32 + Mxfp8E5m2: largest_exponent = 29;
      32 + Mxint8: largest_exponent = 0;
      default: largest_exponent = (1 << exponent_bits(datapath - 32)) - 2;  // no field is set aside for infinities
    endcase
  endfunction

  function automatic int unsigned exponent_width(input int unsigned datapath);
    exponent_width = largest_exponent(datapath) == 0 ? 1 : $clog2(largest_exponent(datapath) + 1);
  endfunction

  function automatic int unsigned product_width(input int unsigned datapath);
    product_width = 2 * significand_width(datapath);
  endfunction

  function automatic int unsigned product_exponent_width(input int unsigned datapath);
    product_exponent_width = exponent_width(datapath) + 1;
  endfunction

  // The magnitude of an exact sum of products: one product as it is, more in fixed point. In the narrow datapath no
  // product needs more places than e5m2's: 3 x 3 significand bits and exponents of up to 29.
  function automatic int unsigned fixed_product_width(input int unsigned datapath);
    fixed_product_width = datapath == Narrow ? 64 : product_width(datapath) + 2 * largest_exponent(datapath);
  endfunction

  function automatic int unsigned exact_sum_width(input int unsigned datapath, input int unsigned length);
    exact_sum_width = length == 1 ? product_width(datapath) : fixed_product_width(datapath) + $clog2(length);
  endfunction

  // The same after block scales: an e4m3 scale has 4 significand bits.
  function automatic int unsigned scaled_sum_width(input int unsigned datapath, input int unsigned length);
    scaled_sum_width = exact_sum_width(datapath, length) + (datapath == 32 + Nvfp4 ? 8 : 0);
  endfunction

  // The magnitude of a truncated sum: 30 places, up to 2 bits before the point, `length` products and the accumulator.
  function automatic int unsigned truncated_sum_width(input int unsigned length);
    truncated_sum_width = 32 + $clog2(length + 1);
  endfunction

  function automatic int unsigned sum_width(
      input int unsigned datapath, input int unsigned length, input int unsigned summation);
    case (summation)
      Exact: sum_width = scaled_sum_width(datapath, length);
      Truncating: sum_width = truncated_sum_width(length);
      default:
      sum_width = scaled_sum_width(datapath, length) > truncated_sum_width(length)
          ? scaled_sum_width(datapath, length) : truncated_sum_width(length);
    endcase
  endfunction

  function automatic int unsigned default_summation(input int unsigned datapath, input int unsigned length);
    if (length == 1) default_summation = Exact;
    else if (family(datapath) != Narrow) default_summation = Truncating;
    else if (is_single_format(datapath)) default_summation = Exact;
    else default_summation = Selectable;
  endfunction

endpackage
