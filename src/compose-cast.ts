import { goFloat, goInteger } from './go-value.ts'
import { PathTable, type Path, type ProjectScalar } from './compose-node.ts'
import { refuse } from './compose-refusal.ts'

type Kind = 'boolean' | 'integer' | 'float'

/** compose-go loader/interpolate.go, interpolateTypeCastMapping. */
const kinds = new PathTable<Kind>({
  ...ofService('integer', ['cpu_count', 'cpu_period', 'cpu_quota', 'cpu_rt_period', 'cpu_rt_runtime', 'cpu_shares', 'oom_score_adj', 'pids_limit', 'scale', 'healthcheck.retries', 'ports.[].target', 'ulimits.*', 'ulimits.*.hard', 'ulimits.*.soft']),
  ...ofService('integer', ['replicas', 'update_config.parallelism', 'rollback_config.parallelism', 'restart_policy.max_attempts', 'placement.max_replicas_per_node'].map(key => `deploy.${key}`)),
  ...ofService('float', ['cpu_percent', 'cpus', 'deploy.update_config.max_failure_ratio', 'deploy.rollback_config.max_failure_ratio']),
  ...ofService('boolean', ['init', 'depends_on.*.required', 'depends_on.*.restart', 'healthcheck.disable', 'oom_kill_disable', 'privileged', 'read_only', 'stdin_open', 'tty', 'volumes.[].read_only', 'volumes.[].volume.nocopy']),
  ...under('networks.*', 'boolean', ['external', 'internal', 'attachable', 'enable_ipv4', 'enable_ipv6']),
  ...under('volumes.*', 'boolean', ['external']),
  ...under('secrets.*', 'boolean', ['external']),
  ...under('configs.*', 'boolean', ['external'])
})

function ofService(kind: Kind, keys: readonly string[]): Record<string, Kind> {
  return under('services.*', kind, keys)
}

function under(path: string, kind: Kind, keys: readonly string[]): Record<string, Kind> {
  return Object.fromEntries(keys.map(key => [`${path}.${key}`, kind]))
}

/** A string as what it is to be at its place. */
export function cast(node: ProjectScalar, path: Path): ProjectScalar {
  const kind = kinds.at(path)
  return kind === undefined ? node : castTo(kind, node)
}

export function castTo(kind: Kind, node: ProjectScalar): ProjectScalar {
  if (typeof node.value !== 'string') return node
  const { origin, value } = node
  if (kind === 'boolean') return { kind: 'scalar', value: parseBoolean(value) ?? refuse(`failed to cast to expected type: invalid boolean: ${value}`, origin), origin }
  const refusal = kind === 'integer' ? goInteger(value, { bits: 64, signed: true, base: 10 }) : goFloat(value, 64)
  if (refusal !== undefined) return refuse(`failed to cast to expected type: ${refusal}`, origin)
  return { kind: 'scalar', value: Number(value.replaceAll('_', '')), origin, ...(kind === 'float' ? { isFloat: true } : {}) }
}

/** compose-go loader/interpolate.go, toBoolean. */
function parseBoolean(value: string): boolean | undefined {
  if (/^(?:true|y|yes|on)$/i.test(value)) return true
  return /^(?:false|n|no|off)$/i.test(value) ? false : undefined
}
