#include "sim/quality/published.h"

namespace headroom::quality {
namespace {

using config::Dimension;
using config::measure;
using config::Node;
using config::number;
using config::positive;
using config::Record;
using config::text;

const Record<PublishedGap>& gap_record() {
  using G = PublishedGap;
  static const auto share = measure(Dimension::share, {-1, 10});
  static const auto record =
      Record<G>("a published loss of a narrow format above a wider one")
          .required("format", &G::format, config::word_of<Format>(format_names), "narrow")
          .required("baseline", &G::baseline, config::word_of<Format>(format_names), "wider")
          .required("least", &G::least, share, "of the loss; 0 % where only a bound is given")
          .required("most", &G::most, share, "of the loss")
          .required("parameters", &G::parameters, number(positive), "of the model")
          .required("tokens", &G::tokens, number(positive), "that it read")
          .required("recipe", &G::recipe, text(), "what helped the format and what stayed wide")
          .required("source", &G::source, text(), "who measured it");
  return record;
}

}  // namespace

PublishedQuality read_published_quality(const Node& document) {
  document.refuse_unknown_keys({"law", "gaps"}, config::provenance_keys());
  PublishedQuality quality{precision_law_record().read(document.at("law")), {}};
  for (const Node& entry : document.at("gaps").elements()) {
    quality.gaps.push_back(gap_record().read(entry));
    if (quality.gaps.back().least > quality.gaps.back().most)
      config::bare(entry["least"])
          .expected("at most `most`, " + config::bare(entry["most"]).text());
  }
  return quality;
}

PublishedQuality load_published_quality(const config::ConfigPaths& paths) {
  const auto file = paths.find("quality", "precision");
  if (!file)
    throw InputError({"configs/quality", 1, 1}, "", "no precision.yaml",
                     "configs/quality/precision.yaml, the published law and losses");
  return read_published_quality(Node::load(*file));
}

}  // namespace headroom::quality
