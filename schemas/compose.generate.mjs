// Writes schemas/compose.schema.json, the JSON Schema of compose files, from a list of their keys:
//   node schemas/compose.generate.mjs compose-keys.json
// The list names every key of the Compose Specification and of the formats before it by its path (`*` any name, `[]` any
// item) with its types and limits. What the list does not say is in the tables below, each with its place in
// github.com/compose-spec/compose-go at v2.14.0. Nothing of the descriptions is kept.
//
// A key that may be written in several forms has one schema of several types, and no `anyOf`: `properties` and `items`
// speak of their own type only, so that a fault is found once and at its place.
import { readFileSync, writeFileSync } from 'node:fs'

/** Keys of version 1 alone: its services stand at the top of the file, and no later version knows them. */
const FIRST_VERSION = ['dockerfile', 'log_driver', 'log_opt', 'net'].map((key) => `services.*.${key}`)

/** Strings that are made booleans before anything is checked: loader/interpolate.go, interpolateTypeCastMapping. */
const BOOLEANS = [
  /^services\.\*\.(init|oom_kill_disable|privileged|read_only|stdin_open|tty)$/,
  /^services\.\*\.(depends_on\.\*\.(required|restart)|healthcheck\.disable|volumes\[\]\.(read_only|volume\.nocopy))$/,
  /^networks\.\*\.(external|internal|attachable|enable_ipv[46])$/,
  /^(volumes|secrets|configs)\.\*\.external$/,
]

/** Strings that are made whole numbers: the same table, but for cpu_rt_*, which the specification writes as durations. */
const INTEGERS = [
  /^services\.\*\.(cpu_(count|period|quota|shares)|oom_score_adj|pids_limit|scale)$/,
  /^services\.\*\.(healthcheck\.retries|ports\[\]\.target|ulimits\.\*(\.(hard|soft))?)$/,
  /^services\.\*\.deploy\.(replicas|(update|rollback)_config\.parallelism|restart_policy\.max_attempts|placement\.max_replicas_per_node)$/,
]

/** loader/interpolate.go, toBoolean; in any case. */
const BOOLEAN = '^([Tt][Rr][Uu][Ee]|[Ff][Aa][Ll][Ss][Ee]|[Yy]([Ee][Ss])?|[Nn][Oo]?|[Oo]([Nn]|[Ff][Ff]))$'
const INTEGER = '^[-+]?[0-9]+$'

/** Maps whose names are limited, and how: schema/compose-spec.json. */
const NAMES = /^(services|volumes|secrets|configs|services\.\*\.(depends_on|networks))$/
const NAME = '^[a-zA-Z0-9._-]+$'

/** Maps of which only the entries with such names are looked into, and the others pass. */
const LOOSE_NAMES = /^(networks|models|services\.\*\.models)$/

/** Maps in which compose lets any other key pass: schema/compose-spec.json. */
const OPEN = /^(services\.\*\.gpus\[\]|(secrets|configs)\.\*\.external)$/

/** Lists that may name nothing twice; those that override/uncity.go (`unique`) clears of doubles are not among them. */
const UNIQUE = /^services\.\*\.(depends_on|device_cgroup_rules|external_links|extra_hosts|group_add|models|networks|security_opt|volumes_from)$/

/** Schemas that stand at several places or are large, and what they are called; the place is where they are read from. */
const DEFINITIONS = {
  listOfStrings: 'services.*.cap_add',
  stringOrList: 'services.*.dns',
  listOrMap: 'services.*.labels',
  command: 'services.*.command',
  stringOrBoolean: 'services.*.attach',
  boolean: 'services.*.tty',
  integerOrString: 'services.*.build.shm_size',
  numberOrString: 'services.*.cpus',
  wholeNumber: 'services.*.scale',
  driverOptions: 'networks.*.driver_opts',
  bytesPerSecond: 'services.*.blkio_config.device_read_bps',
  mounts: 'services.*.secrets',
  externalByName: 'networks.*.external',
  external: 'secrets.*.external',
  rollout: 'services.*.deploy.update_config',
  hook: 'services.*.post_start[]',
  ulimits: 'services.*.ulimits',
  ulimitsOfBuild: 'services.*.build.ulimits',
  build: 'services.*.build',
  deploy: 'services.*.deploy',
  develop: 'services.*.develop',
  healthcheck: 'services.*.healthcheck',
  port: 'services.*.ports[]',
  mount: 'services.*.volumes[]',
  attachment: 'services.*.networks.*',
  service: 'services.*',
  network: 'networks.*',
  volume: 'volumes.*',
  secret: 'secrets.*',
  config: 'configs.*',
  model: 'models.*',
  include: 'include[]',
}

const [file] = process.argv.slice(2)
const { keys } = JSON.parse(readFileSync(file, 'utf8'))
const matches = (patterns, path) => patterns.some((pattern) => pattern.test(path))

/** `a.*.b[].c` as `a`, `*`, `b`, `[]`, `c`. */
const segmentsOf = (path) => path.replaceAll('[]', '.[]').split('.')

/** The keys as a tree: each node has its path, its entry of the list, and what is below it by segment. */
function treeOf(paths) {
  const root = { path: '', entry: { types: ['object'] }, below: new Map() }
  for (const path of paths) {
    let node = root
    for (const segment of segmentsOf(path)) {
      if (!node.below.has(segment)) node.below.set(segment, { path: segment === '[]' ? `${node.path}[]` : node.path === '' ? segment : `${node.path}.${segment}`, below: new Map() })
      node = node.below.get(segment)
    }
    node.entry = keys[path]
  }
  return root
}

function schemaOf({ path, entry, below }) {
  if (entry === undefined) throw new Error(`${path}: not in the list, but what is below it is`)
  const isBoolean = matches(BOOLEANS, path)
  const isInteger = matches(INTEGERS, path)
  const types = [...new Set([...entry.types, ...(isBoolean || isInteger ? ['string'] : [])])]
  const only = types.length === 1
  return {
    type: only ? types[0] : types,
    ...(entry.enum && (only ? { enum: entry.enum } : { pattern: `^(${entry.enum.join('|')})$` })),
    ...((entry.pattern || isBoolean || isInteger) && { pattern: isBoolean ? BOOLEAN : isInteger ? INTEGER : entry.pattern }),
    ...(entry.minimum !== undefined && { minimum: entry.minimum }),
    ...(entry.required && { required: entry.required }),
    ...(types.includes('object') && childrenOf(path, below)),
    ...(below.has('[]') && { items: shared(below.get('[]')) }),
    ...(UNIQUE.test(path) && { uniqueItems: true }),
  }
}

function childrenOf(path, below) {
  const names = [...below.keys()].filter((name) => name !== '*' && name !== '[]')
  const any = below.get('*')
  if (any && names.length > 0) throw new Error(`${path}: both names and any name`)
  if (any && LOOSE_NAMES.test(path)) return { patternProperties: { [NAME]: shared(any) } }
  if (any && NAMES.test(path)) return { patternProperties: { [NAME]: shared(any) }, additionalProperties: false }
  if (any) return { additionalProperties: shared(any) }
  if (names.length === 0) return {}
  return {
    properties: Object.fromEntries(names.map((name) => [name, shared(below.get(name))])),
    ...(!OPEN.test(path) && { patternProperties: { '^x-': {} }, additionalProperties: false }),
  }
}

const nodeAt = (path) => segmentsOf(path).reduce((node, segment) => node.below.get(segment), root)

/** The schema of a node, or a reference when a definition says the same. */
function shared(node) {
  const schema = JSON.stringify(schemaOf(node))
  const name = nameOf.get(schema)
  return name ? { $ref: `#/definitions/${name}` } : JSON.parse(schema)
}

const root = treeOf(Object.keys(keys).filter((path) => !FIRST_VERSION.some((first) => path === first || path.startsWith(`${first}.`)) && !/(^|\.)x-/.test(path)))
const nameOf = new Map()
const definitions = {}
for (const [name, path] of Object.entries(DEFINITIONS)) {
  const schema = schemaOf(nodeAt(path))
  const other = nameOf.get(JSON.stringify(schema))
  if (other) throw new Error(`${name} is the same as ${other}`)
  nameOf.set(JSON.stringify(schema), name)
  definitions[name] = schema
}

const head = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'Compose file',
  ...schemaOf(root),
}
const line = ([name, value]) => `    ${JSON.stringify(name)}: ${JSON.stringify(value)}`
const top = JSON.stringify(head, null, 2).replace(/\n\}$/, '')
writeFileSync(new URL('compose.schema.json', import.meta.url), `${top},\n  "definitions": {\n${Object.entries(definitions).map(line).join(',\n')}\n  }\n}\n`)
