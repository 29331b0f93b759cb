#include "sim/scalesim/topology.h"

#include "tests/sim/scalesim/support.h"

namespace headroom::scalesim {
namespace {

const std::string header =
    "Layer name, IFMAP Height, IFMAP Width, Filter Height, Filter Width, Channels, Num Filter, "
    "Strides,\n";

Topology conv(const std::string& text) { return parse_topology(text, "t.csv", Rows::conv); }
Topology gemm(const std::string& text) { return parse_topology(text, "t.csv", Rows::gemm); }

std::string conv_message(const std::string& rows) {
  return message_of([&] { conv(header + rows); });
}

void expect_product(const Layer& layer, std::int64_t m, std::int64_t n, std::int64_t k) {
  const matrix_engine::Product product = layer.product();
  EXPECT_EQ(product.m, m) << layer.name;
  EXPECT_EQ(product.n, n) << layer.name;
  EXPECT_EQ(product.k, k) << layer.name;
}

TEST(Topology, AConvolutionBecomesAProduct) {
  const Topology read = conv(header + "Conv1, 224, 200, 7, 5, 3, 64, 2,\n");
  ASSERT_EQ(read.layers.size(), 1U);
  EXPECT_EQ(read.layers[0].name, "Conv1");
  // ceil((224 - 7 + 2) / 2) = 110, ceil((200 - 5 + 2) / 2) = 99: the last window reaches beyond.
  expect_product(read.layers[0], 110 * 99, 64, 7 * 5 * 3);
  EXPECT_TRUE(read.notes.empty());
}

TEST(Topology, RowsAsTheyShip) {
  // A byte order mark, Windows line ends, blank rows, rows of commas, tabs, no-break spaces, no
  // last comma, no last line end, what stands behind the last comma, empty fields more.
  const Topology read = conv(
      "\xEF\xBB\xBF" + header +
      "\r\n"
      "a,8,8,3,3,1,2,1,\r\n"
      ",,,,,,,,\r\n"
      "  b , 8,\t8 ,3,3, 1,2,1\r\n"
      "c,8,8,3,3,1,2,1,#dw\r\n"
      "d,8,8,3,3,1,2,1, NPU\r\n"
      "e,8,8,3,3,1,2,1, , ,\r\n"
      "f\xC2\xA0,8,8,3,3,1,2,1, \r\n"
      "g,8,8,3,3,1,2,1,1:1,\r\n"
      "   \r\n"
      "h,8,8,3,3,1,2,1");
  std::string names;
  for (const Layer& layer : read.layers) {
    names += layer.name;
    expect_product(layer, 36, 2, 9);
  }
  EXPECT_EQ(names, "abcdefgh");
  EXPECT_TRUE(read.notes.empty());
}

TEST(Topology, GemmRowsWithAndWithoutTheLastComma) {
  const Topology read = gemm("Layer,M,N,K\nQKT,1024,512,64\n Linear , 3, 4,5,\n");
  ASSERT_EQ(read.layers.size(), 2U);
  expect_product(read.layers[0], 1024, 512, 64);
  expect_product(read.layers[1], 3, 4, 5);
}

TEST(Topology, AProductWrittenAsAConvolutionIsTheSame) {
  const Layer written = conv(header + "fc,1024,64,1,64,1,512,1,\n").layers.at(0);
  expect_product(written, 1024, 512, 64);
}

TEST(Topology, TwoStridesAsVersion2Reads) {
  const Topology read = conv("a,b,c,d,e,f,g,Stride height,Stride width,\nx,9,9,3,3,1,1,2,3,\n");
  expect_product(read.layers.at(0), 4 * 3, 1, 9);
  EXPECT_EQ(read.layers[0].stride_width, 3);
}

TEST(Topology, DepthwiseLayersBecomeOneForEachChannel) {
  const Topology read = conv(header + "DP1, 8, 8, 3, 3, 3, 5, 1,\n");
  ASSERT_EQ(read.layers.size(), 3U);
  EXPECT_EQ(read.layers[2].name, "DP1Channel_2");
  for (const Layer& layer : read.layers) expect_product(layer, 36, 5, 9);
  // Products have no channels.
  EXPECT_EQ(gemm("Layer,M,N,K,\nDP1,2,3,4,\n").layers.size(), 1U);
}

TEST(Topology, TheFirstLineIsSkippedWhateverItHolds) {
  const Topology read = conv("a,8,8,3,3,1,2,1,\nb,8,8,3,3,1,2,1,\n");
  ASSERT_EQ(read.layers.size(), 1U);
  ASSERT_EQ(read.notes.size(), 1U);
  EXPECT_EQ(read.notes[0],
            "t.csv:1:1: layer 'a' stands in the header's place and is skipped, as SCALE-Sim skips "
            "it");
}

TEST(Topology, SparseLayersAreNotedOnce) {
  const Topology read = conv(header + "a,8,8,3,3,1,2,1,2:4,\nb,8,8,3,3,1,2,1,1:4,\n");
  EXPECT_EQ(read.layers.size(), 2U);
  ASSERT_EQ(read.notes.size(), 1U);
  EXPECT_EQ(read.notes[0], "t.csv:2:17: sparsity ratios are not used: SparsitySupport is off");
}

TEST(Topology, WrongFieldsAreNamedWithTheirPlace) {
  EXPECT_EQ(conv_message("c1, 224, x, 7, 7, 3, 64, 2,\n"),
            "t.csv:2:10: layer 'c1', IFMAP Width: found 'x'; expected a whole number from 1 to "
            "2147483647");
  EXPECT_EQ(conv_message("c1, 224, 224, 7, 7, 3, 64, 0,\n"),
            "t.csv:2:28: layer 'c1', Strides: found '0'; expected a whole number from 1 to "
            "2147483647");
  EXPECT_EQ(conv_message("c1, 224, 224, 7, , 3, 64, 2,\n"),
            "t.csv:2:18: layer 'c1', Filter Width: found nothing; expected a whole number from 1 "
            "to 2147483647");
  EXPECT_EQ(conv_message("c1, 224, 224, 7.0, 7, 3, 64, 2,\n").substr(0, 40),
            "t.csv:2:15: layer 'c1', Filter Height: f");
}

TEST(Topology, AFilterLargerThanItsInputIsRefused) {
  EXPECT_EQ(conv_message("\n\nc1, 5, 224, 7, 7, 3, 64, 2,\n"),
            "t.csv:4:13: layer 'c1', Filter Height: found 7; expected at most 5, the IFMAP Height");
  EXPECT_EQ(conv_message("c1, 224, 27, 7, 207, 3, 64, 2,\n"),
            "t.csv:2:17: layer 'c1', Filter Width: found 207; expected at most 27, the IFMAP "
            "Width");
}

TEST(Topology, ShortRowsSayHowManyFieldsThereAre) {
  EXPECT_EQ(conv_message("c1, 224, 224\n"),
            "t.csv:2:13: layer 'c1': found 3 fields; expected at least 8: Layer name, IFMAP "
            "Height, IFMAP Width, Filter Height, Filter Width, Channels, Num Filter, Strides");
  EXPECT_NE(
      conv_message("gemm, 1, 2, 3,\n").find("(with -i gemm: Layer, M, N, K)"), std::string::npos);
  EXPECT_EQ(message_of([] { gemm("Layer,M,N,K\nc1;2;3;4\n"); }),
            "t.csv:2:9: layer 'c1;2;3;4': found 1 field; expected at least 4: Layer, M, N, K");
}

TEST(Topology, NoNumberIsLostWithoutAWord) {
  EXPECT_EQ(conv_message("c1,8,8,3,3,1,1,2,3\n"),
            "t.csv:2:18: layer 'c1', field 9: found '3'; expected a comma behind it: SCALE-Sim "
            "does not read what follows the last comma");
  EXPECT_EQ(conv_message("c1,8,8,3,3,1,1,2,2\n"), "");  // loses nothing
  EXPECT_EQ(conv_message("c1,8,8,3,3,1,1,2,word,\n"),
            "t.csv:2:18: layer 'c1', field 9: found 'word'; expected a second stride, a ratio N:M "
            "or nothing");
  EXPECT_EQ(message_of([] { gemm("Layer,M,N,K,Batch,\na,1,2,3,4,\n"); }),
            "t.csv:2:9: layer 'a', field 5: found '4'; expected a second stride, a ratio N:M or "
            "nothing");
  // A ninth column of another name is no stride.
  EXPECT_EQ(
      message_of([] { conv("a,b,c,d,e,f,g,Strides,Batch Size,\nx,9,9,3,3,1,1,2,1,\n"); }), "");
  EXPECT_NE(
      message_of([] { conv("a,b,c,d,e,f,g,Strides,Batch Size,\nx,9,9,3,3,1,1,2,2,\n"); }), "");
}

TEST(Topology, FilesOfTheOtherKindAndEmptyOnes) {
  EXPECT_EQ(message_of([] { gemm(header + "c1,8,8,3,3,1,1,2,\n"); }),
            "t.csv:1:1: header: found the columns of convolutions; expected Layer, M, N, K "
            "(without -i gemm, convolutions are read)");
  EXPECT_EQ(message_of([] { conv(header); }),
            "t.csv:2:1: document: found no layer; expected a header line, then one line for each "
            "layer");
  EXPECT_EQ(message_of([] { conv(""); }).substr(0, 9), "t.csv:1:1");
}

TEST(Topology, LayersThatNoArrayCouldFinishAreRefused) {
  EXPECT_NE(message_of([] {
              gemm("Layer,M,N,K\na,2000000000,2000000000,2000000000\n");
            }).find("more than 2^53 multiply-accumulates"),
            std::string::npos);
  EXPECT_NE(
      conv_message("a,2000000000,2000000000,1,1,1,1,1,\n").find("2^31 - 1"), std::string::npos);
}

}  // namespace
}  // namespace headroom::scalesim
