#include "sim/config/cluster.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <numeric>

#include "sim/config/link.h"

namespace headroom::config {
namespace {

constexpr std::int64_t most_chips = 10'000'000;

template <class M>
auto in_cluster(M member) {
  return [member](auto& spec) -> auto& { return spec.cluster.*member; };
}

Kind<Topology> topology_kind() {
  return word<Topology>({{"switched_nodes", Topology::switched_nodes}, {"torus", Topology::torus}});
}

Record<ClusterSpec> common_record() {
  return Record<ClusterSpec>("a type of cluster")
      .ignored("name", Json{{"type", "string"}})
      .required("topology", in_cluster(&ClusterDescription::topology), topology_kind(),
                "how the chips are wired")
      .optional("max_chips", &ClusterSpec::max_chips, integer(0), "0",
                "largest size that exists; 0: no limit");
}

const Record<ClusterSpec>& switched_record() {
  static const auto
      record = common_record()
                   .required("node_size", in_cluster(&ClusterDescription::node_size), integer(),
                             "chips that share the switch of a node")
                   .group(
                       "scale_out", in_cluster(&ClusterDescription::scale_out), link_use_record());
  return record;
}

const Record<ClusterSpec>& torus_record() {
  static const auto
      record = common_record()
                   .required(
                       "dimensions", &ClusterSpec::dimensions, integer<int>(1, 3), "of the torus")
                   .required("wrap", in_cluster(&ClusterDescription::wrap), boolean(),
                             "links close every dimension to a ring")
                   .optional("wrap_multiple", &ClusterSpec::wrap_multiple, integer(), "1",
                             "rings close only where every dimension is a multiple of this")
                   .optional("max_shape", &ClusterSpec::max_shape, list_of(integer()), "[]",
                             "largest slice; [] is no limit");
  return record;
}

// Keys that replace a part of the type's file belong to one topology.
void refuse_keys_of_other_topology(const Node& use, Topology topology) {
  const bool torus = topology == Topology::torus;
  const std::vector<std::string>
      foreign = torus ? std::vector<std::string>{"node_size", "scale_out"}
                      : std::vector<std::string>{"shape", "wrap"};
  for (const std::string& key : foreign)
    if (const Node node = use[key]; node.exists())
      node.expected(torus ? "no such key: the cluster is a torus"
                          : "no such key: the cluster is made of nodes");
}

void check_nodes(const ClusterSpec& spec, const Node& chips) {
  const std::int64_t size = spec.cluster.node_size;
  if (spec.cluster.chips > size && spec.cluster.chips % size != 0)
    chips.expected(fmt::format("at most {} chips, or a multiple of the node size {}", size, size));
}

void settle_shape(ClusterSpec& spec, const Node& use) {
  ClusterDescription& cluster = spec.cluster;
  const Node shape = bare(use["shape"]), chips = bare(use["chips"]);
  if (cluster.shape.empty()) {
    cluster.shape = near_cubic_shape(cluster.chips, spec.dimensions, spec.max_shape);
    if (cluster.shape.empty())
      chips.expected(fmt::format(
          "a number of chips that makes a slice of {} dimensions within {}", spec.dimensions,
          fmt::join(spec.max_shape, " x ")));
  }
  const std::string words = fmt::format("{}", fmt::join(cluster.shape, " x "));
  if (cluster.shape.size() != static_cast<std::size_t>(spec.dimensions))
    shape.fail(words, fmt::format("{} dimensions", spec.dimensions));
  const std::int64_t product = std::accumulate(
      cluster.shape.begin(), cluster.shape.end(), std::int64_t{1}, std::multiplies<>());
  if (product != cluster.chips)
    shape.fail(fmt::format("{} = {} chips", words, product),
               fmt::format("the {} of cluster.chips", cluster.chips));
  std::vector<std::int64_t> sides = cluster.shape, most = spec.max_shape;
  std::sort(sides.begin(), sides.end());
  std::sort(most.begin(), most.end());
  for (std::size_t i = 0; i < most.size(); ++i)
    if (sides[i] > most[i]) shape.fail(words, fmt::format("at most {}", fmt::join(most, " x ")));
  for (const std::int64_t side : cluster.shape)
    cluster.wrap = cluster.wrap && side % spec.wrap_multiple == 0;
}

}  // namespace

const Record<ClusterSpec>& cluster_use_record() {
  static const std::string file = "the cluster's file";
  static const auto record =
      Record<ClusterSpec>("the chips and how they are wired")
          .required(
              "type", in_cluster(&ClusterDescription::id), text(), "a file of configs/clusters")
          .required("chip", &ClusterSpec::chip, text(), "a file of configs/chips")
          .required("chips", in_cluster(&ClusterDescription::chips), integer(1, most_chips),
                    "number of chips")
          .overriding(
              "shape", in_cluster(&ClusterDescription::shape), list_of(integer(1, most_chips)),
              "the most cubic shape of that many chips", "of a torus, chips per dimension")
          .overriding("wrap", in_cluster(&ClusterDescription::wrap), boolean(), file,
                      "of a torus: links close every dimension to a ring")
          .overriding("node_size", in_cluster(&ClusterDescription::node_size), integer(), file,
                      "chips that share the switch of a node")
          .group("scale_out", in_cluster(&ClusterDescription::scale_out), link_change_record());
  return record;
}

void read_cluster_file(const Node& file, const ConfigPaths& paths, ClusterSpec& spec) {
  const Node topology = bare(file.at("topology", topology_kind().expected));
  if (topology_kind().read(topology) == Topology::torus) {
    torus_record().read_into(file, spec);
    if (!spec.max_shape.empty() &&
        spec.max_shape.size() != static_cast<std::size_t>(spec.dimensions))
      file["max_shape"].expected(
          fmt::format("a list of {} numbers, one per dimension", spec.dimensions));
    return;
  }
  read_link_kind(file["scale_out"], paths, spec.cluster.scale_out);
  switched_record().read_into(file, spec);
  settle_link(file["scale_out"], spec.cluster.scale_out);
}

ClusterSpec read_cluster(const Node& use, const ConfigPaths& paths) {
  ClusterSpec spec;
  if (const Node type = bare(use["type"]); type.exists())
    read_cluster_file(Node::load(paths.resolve(type, "clusters", "cluster")), paths, spec);
  read_link_kind(use["scale_out"], paths, spec.cluster.scale_out);
  cluster_use_record().read_into(use, spec);
  const Topology topology = spec.cluster.topology;
  refuse_keys_of_other_topology(use, topology);
  if (topology == Topology::switched_nodes) settle_link(use["scale_out"], spec.cluster.scale_out);
  const Node chips = bare(use["chips"]);
  if (spec.max_chips > 0 && spec.cluster.chips > spec.max_chips)
    chips.expected(fmt::format("at most {}, the largest {}", spec.max_chips, spec.cluster.id));
  if (topology == Topology::torus)
    settle_shape(spec, use);
  else
    check_nodes(spec, chips);
  return spec;
}

Json write_cluster(const ClusterDescription& cluster) {
  Json result{{"topology", topology_kind().write(cluster.topology)}, {"chips", cluster.chips}};
  if (cluster.topology == Topology::torus) {
    result["shape"] = cluster.shape;
    result["wrap"] = cluster.wrap;
  } else {
    result["node_size"] = cluster.node_size;
    result["scale_out"] = link_use_record().write(cluster.scale_out);
  }
  return result;
}

}  // namespace headroom::config
