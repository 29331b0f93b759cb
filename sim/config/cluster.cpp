#include "sim/config/cluster.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <numeric>

#include "sim/config/library.h"
#include "sim/config/link.h"

namespace headroom::config {
namespace {

constexpr std::int64_t most_chips = 10'000'000;

template <class M>
auto in_cluster(M member) {
  return [member](auto& spec) -> auto& { return spec.cluster.*member; };
}

Kind<Topology> topology_kind() {
  return word<Topology>(
      {{"switched_nodes", Topology::switched_nodes},
       {"torus", Topology::torus},
       {"fat_tree", Topology::fat_tree},
       {"ring", Topology::ring},
       {"fully_connected", Topology::fully_connected},
       {"single_switch", Topology::single_switch},
       {"dragonfly", Topology::dragonfly}});
}

// `elsewhere` names where a key that is left out comes from.
Record<HostDescription> host_record(const std::string& elsewhere) {
  using H = HostDescription;
  return Record<H>("what a node has beside its chips, a chip's share of it")
      .overriding("memory_bandwidth", &H::memory_bandwidth, quantity<BytesPerSecond>(), elsewhere,
                  "of the host's memory")
      .overriding("link", &H::link, quantity<BytesPerSecond>(), elsewhere,
                  "between chip and host, each direction")
      .overriding("optimizer_rate", &H::optimizer_rate, number({1, 1e15}), elsewhere,
                  "parameters a second that an optimiser on the host's processors updates");
}

Record<ClusterSpec> common_record() {
  return Record<ClusterSpec>("a type of cluster")
      .ignored("name", Json{{"type", "string"}})
      .required("topology", in_cluster(&ClusterDescription::topology), topology_kind(),
                "how the chips are wired")
      .optional("max_chips", &ClusterSpec::max_chips, integer(0), "0",
                "largest size that exists; 0: no limit")
      .optional("host_time", in_cluster(&ClusterDescription::host_time), number(positive), "1",
                "of the thread that starts kernels, over that of the x86 processors of stacks")
      .group("host", in_cluster(&ClusterDescription::host), host_record("nothing: no offloading"))
      .ignored("library", Json{{"type", "string"}})      // read_library()
      .ignored("usual_chip", Json{{"type", "string"}});  // load_cluster()
}

Kind<double> ratio() { return number({1, 1e6}); }

// The network outside of nodes.
Record<ClusterSpec> network_record(bool node_size_required) {
  const std::string meaning = "chips that share the switch of a node";
  const auto node_size = in_cluster(&ClusterDescription::node_size);
  Record<ClusterSpec> record = common_record();
  if (node_size_required)
    record.required("node_size", node_size, integer(), meaning);
  else
    record.optional("node_size", node_size, integer(), "1", meaning);
  return record
      .optional("levels", in_cluster(&ClusterDescription::levels), integer<int>(2, 3), "2",
                "of switches outside of nodes")
      .optional("leaf_nodes", in_cluster(&ClusterDescription::leaf_nodes), integer(), "32",
                "nodes that share their leaf switches")
      .optional("pod_leaves", in_cluster(&ClusterDescription::pod_leaves), integer(), "8",
                "of three levels: groups of leaf_nodes nodes in a pod")
      .optional("oversubscription", in_cluster(&ClusterDescription::oversubscription), ratio(), "1",
                "ports down over ports up of a leaf")
      .optional("core_oversubscription", in_cluster(&ClusterDescription::core_oversubscription),
                ratio(), "1", "of three levels: the same of a pod")
      .optional("rails", in_cluster(&ClusterDescription::rails), boolean(), "true",
                "port r of every node leads to leaf r")
      .optional("switch_latency", in_cluster(&ClusterDescription::switch_latency),
                quantity<Seconds>(not_negative), "0 ns", "of a switch beyond the first on the way")
      .optional("node_reduction", in_cluster(&ClusterDescription::node_reduction), boolean(),
                "false", "switches inside nodes add what passes them")
      .optional("network_reduction", in_cluster(&ClusterDescription::network_reduction), boolean(),
                "false", "switches outside of nodes do")
      .group("scale_out", in_cluster(&ClusterDescription::scale_out), link_use_record());
}

// All chips in one node.
const Record<ClusterSpec>& one_node_record() {
  static const auto record = common_record().optional(
      "node_reduction", in_cluster(&ClusterDescription::node_reduction), boolean(), "false",
      "the switch adds what passes it");
  return record;
}

const Record<ClusterSpec>& dragonfly_record() {
  static const auto
      record = common_record()
                   .required("router_chips", in_cluster(&ClusterDescription::router_chips),
                             integer(), "chips on a router")
                   .required("group_routers", in_cluster(&ClusterDescription::group_routers),
                             integer(), "routers of a group, all joined to one another")
                   .required("global_links", in_cluster(&ClusterDescription::global_links),
                             integer(), "links of a router to other groups")
                   .optional("switch_latency", in_cluster(&ClusterDescription::switch_latency),
                             quantity<Seconds>(not_negative), "0 ns",
                             "of a router beyond the first on the way")
                   .group(
                       "scale_out", in_cluster(&ClusterDescription::scale_out), link_use_record());
  return record;
}

const Record<ClusterSpec>& switched_record() {
  static const auto record = network_record(true);
  return record;
}

const Record<ClusterSpec>& fat_tree_record() {
  static const auto record = network_record(false);
  return record;
}

const Record<ClusterSpec>& ring_record() {
  static const auto record = common_record().required(
      "wrap", in_cluster(&ClusterDescription::wrap), boolean(), "links close the ring");
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
  const bool torus = is_torus(topology);
  const bool nodes = topology == Topology::switched_nodes || topology == Topology::fat_tree;
  std::vector<std::string> foreign;
  if (!torus) foreign = {"shape", "wrap"};
  if (topology == Topology::ring) foreign = {"shape"};
  if (!nodes) foreign.insert(foreign.end(), {"node_size", "oversubscription"});
  if (!nodes && topology != Topology::dragonfly) foreign.emplace_back("scale_out");
  const std::string kind = torus   ? "a " + topology_kind().write(topology).get<std::string>()
                           : nodes ? "made of nodes"
                                   : topology_kind().write(topology).get<std::string>();
  for (const std::string& key : foreign)
    if (const Node node = use[key]; node.exists())
      node.expected("no such key: the cluster is " + kind);
}

void check_nodes(const ClusterSpec& spec, const Node& chips) {
  const ClusterDescription& cluster = spec.cluster;
  if (cluster.topology == Topology::dragonfly) {
    const std::int64_t group = cluster.router_chips * cluster.group_routers;
    const std::int64_t groups = cluster.chips / group;
    if (cluster.chips > group && cluster.chips % group != 0)
      chips.expected(
          fmt::format("at most {} chips, or a multiple of the group's {}", group, group));
    if (groups > 1 && groups - 1 > cluster.group_routers * cluster.global_links)
      chips.expected(fmt::format(
          "at most {} groups of {} chips: a group has {} global links",
          cluster.group_routers * cluster.global_links + 1, group,
          cluster.group_routers * cluster.global_links));
    return;
  }
  const std::int64_t size = cluster.node_size;
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
          .overriding("oversubscription", in_cluster(&ClusterDescription::oversubscription),
                      ratio(), file, "of a fat tree: ports down over ports up of a leaf")
          .overriding("host_time", in_cluster(&ClusterDescription::host_time), number(positive),
                      file, "of the thread that starts kernels, over that of an x86 processor")
          .group("host", in_cluster(&ClusterDescription::host), host_record(file))
          .group("scale_out", in_cluster(&ClusterDescription::scale_out), link_change_record());
  return record;
}

void read_cluster_file(const Node& file, const ConfigPaths& paths, ClusterSpec& spec) {
  const Node topology = bare(file.at("topology", topology_kind().expected));
  const Topology kind = topology_kind().read(topology);
  read_library(file["library"], paths, spec.cluster.library);
  if (kind == Topology::ring) return ring_record().read_into(file, spec);
  if (kind == Topology::fully_connected || kind == Topology::single_switch)
    return one_node_record().read_into(file, spec);
  if (kind == Topology::torus) {
    torus_record().read_into(file, spec);
    if (!spec.max_shape.empty() &&
        spec.max_shape.size() != static_cast<std::size_t>(spec.dimensions))
      file["max_shape"].expected(
          fmt::format("a list of {} numbers, one per dimension", spec.dimensions));
    return;
  }
  read_link_kind(file["scale_out"], paths, spec.cluster.scale_out);
  const Record<ClusterSpec>& record = kind == Topology::fat_tree    ? fat_tree_record()
                                      : kind == Topology::dragonfly ? dragonfly_record()
                                                                    : switched_record();
  record.read_into(file, spec);
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
  if (!spec.cluster.scale_out.kind.empty()) settle_link(use["scale_out"], spec.cluster.scale_out);
  const Node chips = bare(use["chips"]);
  if (spec.max_chips > 0 && spec.cluster.chips > spec.max_chips)
    chips.expected(fmt::format("at most {}, the largest {}", spec.max_chips, spec.cluster.id));
  if (topology == Topology::torus)
    settle_shape(spec, use);
  else if (topology == Topology::fully_connected || topology == Topology::single_switch)
    spec.cluster.node_size = spec.cluster.chips;
  else if (topology != Topology::ring)
    check_nodes(spec, chips);
  return spec;
}

Json write_cluster(const ClusterDescription& cluster) {
  using T = Topology;
  const T topology = cluster.topology;
  Json result{{"topology", topology_kind().write(topology)}, {"chips", cluster.chips}};
  if (topology == T::torus) result["shape"] = cluster.shape;
  if (is_torus(topology)) result["wrap"] = cluster.wrap;
  if (topology == T::switched_nodes || topology == T::fat_tree) {
    result["node_size"] = cluster.node_size;
    result["levels"] = cluster.levels;
    result["leaf_nodes"] = cluster.leaf_nodes;
    if (cluster.levels > 2) result["pod_leaves"] = cluster.pod_leaves;
    result["oversubscription"] = cluster.oversubscription;
    if (cluster.levels > 2) result["core_oversubscription"] = cluster.core_oversubscription;
    result["rails"] = cluster.rails;
    result["network_reduction"] = cluster.network_reduction;
  }
  if (topology == T::dragonfly) {
    result["router_chips"] = cluster.router_chips;
    result["group_routers"] = cluster.group_routers;
    result["global_links"] = cluster.global_links;
  }
  if (!is_torus(topology) && topology != T::dragonfly)
    result["node_reduction"] = cluster.node_reduction;
  if (cluster.scale_out.count > 0) {
    result["switch_latency"] = cluster.switch_latency.si();
    result["scale_out"] = link_use_record().write(cluster.scale_out);
  }
  if (cluster.host_time != 1) result["host_time"] = cluster.host_time;
  if (cluster.host.is_described()) result["host"] = host_record("").write(cluster.host);
  if (!cluster.library.id.empty()) result["library"] = write_library(cluster.library);
  return result;
}

}  // namespace headroom::config
