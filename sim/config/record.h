// A record declares each key of a mapping once: name, member, kind, default, meaning. Reading,
// writing, the JSON Schema and the documentation all come from that one declaration.
//
//   const auto plan = Record<Plan>("how the step is divided over chips")
//       .optional("tensor", &Plan::tensor, integer(), "1", "tensor-parallel ranks")
//       .required("sequence", &Plan::sequence, integer(), "tokens per sequence");
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sim/config/kind.h"

namespace headroom::config {

// One line of the documentation of a record.
struct Parameter {
  std::string key;                      // path from the record, "clock.nameplate"
  std::string expected;                 // "a frequency such as 1.83 GHz"
  std::optional<std::string> fallback;  // the default; none: the key is required
  std::string meaning;
};

// What does not depend on the type of the object: record.cpp compiles it once.
class RecordFields {
 public:
  // A key that may stand here and that another reader takes.
  void ignore(std::string key, Json schema);

  [[nodiscard]] std::vector<std::string> keys() const;
  [[nodiscard]] bool has_required() const;
  // JSON Schema; `partial` leaves out what is required, for a mapping that is laid over another
  // one.
  [[nodiscard]] Json schema(bool partial = false) const;
  [[nodiscard]] std::vector<Parameter> parameters(const std::string& prefix = "") const;

 protected:
  // From and to the member of an object of the record's type.
  using Reader = std::function<void(const Node&, void*)>;
  using Writer = std::function<Json(const void*)>;

  explicit RecordFields(std::string meaning) : meaning_(std::move(meaning)) {}

  void read_fields(const Node& node, void* object) const;
  [[nodiscard]] Json write_fields(const void* object) const;

  // `fallback`: none where the key is required.
  void add_value(std::string key, const std::string& expected, Json schema,
                 const std::optional<std::string>& fallback, const std::string& meaning,
                 Reader read, Writer write);
  void add_overriding(
      std::string key, const std::string& expected, Json schema, const std::string& origin,
      const std::string& meaning, Reader read, Writer write);
  // `part` finds the struct in the object.
  void add_group(const std::string& key, const RecordFields& inner,
                 std::function<void*(void*)> part,
                 std::function<const void*(const void*)> const_part);

 private:
  struct Field {
    std::string key;
    bool is_required;
    Reader read;  // takes the whole mapping
    Writer write;
    std::function<Json(bool)> schema;
    std::vector<Parameter> parameters;
  };

  void add(Field field);

  std::string meaning_;
  // Shared: records are copied into one another, and every process builds them all.
  std::vector<std::shared_ptr<const Field>> fields_;
  std::vector<std::pair<std::string, Json>> others_;
};

template <class T>
class Record : public RecordFields {
 public:
  explicit Record(std::string meaning = "") : RecordFields(std::move(meaning)) {}

  // `member` is a pointer to a data member, or a function from T& to the reference that the value
  // goes to.
  template <class M, class V>
  Record& required(std::string key, M member, Kind<V> kind, const std::string& meaning) {
    add_value(std::move(key), kind.expected, std::move(kind.schema), std::nullopt, meaning,
              reader<V>(member, std::move(kind.read)), writer<V>(member, std::move(kind.write)));
    return *this;
  }

  // `fallback` is written as it would stand in the file, so that messages and documents show what
  // users can write.
  template <class M, class V>
  Record& optional(std::string key, M member, Kind<V> kind, const std::string& fallback,
                   const std::string& meaning) {
    add_value(std::move(key), kind.expected, std::move(kind.schema), fallback, meaning,
              reader<V>(member, std::move(kind.read)), writer<V>(member, std::move(kind.write)));
    return *this;
  }

  // A key that replaces what `origin` ("the memory's file") gave the member before; without it the
  // member stays.
  template <class M, class V>
  Record& overriding(std::string key, M member, Kind<V> kind, const std::string& origin,
                     const std::string& meaning) {
    add_overriding(
        std::move(key), kind.expected, std::move(kind.schema), origin, meaning,
        reader<V>(member, std::move(kind.read)), writer<V>(member, std::move(kind.write)));
    return *this;
  }

  // A key whose mapping fills a struct that is a member of T (`member` as above). It may be left
  // out where nothing in it is required.
  template <class M, class Inner>
  Record& group(const std::string& key, M member, const Record<Inner>& inner) {
    add_group(
        key, inner,
        [member](void* object) -> void* {
          Inner& part = std::invoke(member, *static_cast<T*>(object));
          return &part;
        },
        [member](const void* object) -> const void* {
          const Inner& part = std::invoke(member, *static_cast<const T*>(object));
          return &part;
        });
    return *this;
  }

  // RecordFields::ignore, in a chain of declarations.
  Record& ignored(std::string key, Json schema = true) {
    ignore(std::move(key), std::move(schema));
    return *this;
  }

  void read_into(const Node& node, T& object) const { read_fields(node, &object); }

  [[nodiscard]] T read(const Node& node) const {
    T object;
    read_into(node, object);
    return object;
  }

  // The object as JSON, quantities in SI.
  [[nodiscard]] Json write(const T& object) const { return write_fields(&object); }

 private:
  template <class V, class M>
  static Reader reader(M member, std::function<V(const Node&)> read) {
    return [member, read = std::move(read)](const Node& node, void* object) {
      std::invoke(member, *static_cast<T*>(object)) = read(node);
    };
  }

  template <class V, class M>
  static Writer writer(M member, std::function<Json(const V&)> write) {
    return [member, write = std::move(write)](const void* object) {
      return write(std::invoke(member, *static_cast<const T*>(object)));
    };
  }
};

}  // namespace headroom::config
