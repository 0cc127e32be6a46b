import { map, plain, type ProjectEntry, type ProjectMap } from './compose-node.ts'
import { always, boolean, bytes, command, deviceCount, duration, fileMode, float, healthTest, hosts, integer, listOf, mapOf, options, optOut, repeated, required, shownBoolean, shownDuration, shownInteger, sshKeys, string, strings, struct, ulimits, variables } from './compose-shape.ts'

/*
 * What compose-spec/compose-go types/types.go declares: the type of every key,
 * and so what `docker compose config` shows of it.
 */

const labels = options
const fileReference = struct({ source: string, target: string, uid: string, gid: string, mode: fileMode })
const deviceRequest = struct({ capabilities: strings, driver: string, count: deviceCount, device_ids: strings, options })
const hook = struct({ command, image: string, user: string, privileged: boolean, working_dir: string, environment: variables, per_replica: boolean })
const throttle = listOf(struct({ path: string, rate: bytes }))

const resource = struct({
  cpus: float, memory: bytes, pids: integer, devices: listOf(deviceRequest),
  generic_resources: listOf(struct({ discrete_resource_spec: struct({ kind: string, value: integer }) }))
})

const update = struct({ parallelism: shownInteger, delay: duration, failure_action: string, monitor: duration, max_failure_ratio: float, order: string })

const deploy = struct({
  mode: string, replicas: shownInteger, labels, update_config: update, rollback_config: update,
  resources: always(struct({ limits: resource, reservations: resource })),
  restart_policy: struct({ condition: string, delay: shownDuration, max_attempts: shownInteger, window: shownDuration }),
  placement: always(struct({ constraints: strings, preferences: listOf(struct({ spread: string })), max_replicas_per_node: integer })),
  endpoint_mode: string
})

const build = struct({
  context: string, dockerfile: string, dockerfile_inline: string, entitlements: strings, args: variables, provenance: string, sbom: string, ssh: sshKeys,
  labels, cache_from: strings, cache_to: strings, no_cache: boolean, no_cache_filter: strings, additional_contexts: options, pull: boolean,
  extra_hosts: hosts, isolation: string, network: string, target: string, secrets: listOf(fileReference), shm_size: bytes, tags: strings,
  ulimits, platforms: strings, privileged: boolean
})

const service = struct({
  profiles: strings, annotations: options, attach: shownBoolean, build,
  develop: struct({ watch: listOf(struct({ path: string, action: string, target: string, exec: always(hook), include: strings, ignore: strings, initial_sync: boolean })) }),
  blkio_config: struct({ weight: integer, weight_device: listOf(struct({ path: string, weight: integer })), device_read_bps: throttle, device_read_iops: throttle, device_write_bps: throttle, device_write_iops: throttle }),
  cap_add: strings, cap_drop: strings, cgroup_parent: string, cgroup: string, cpu_count: integer, cpu_percent: float, cpu_period: integer, cpu_quota: integer,
  cpu_rt_period: integer, cpu_rt_runtime: integer, cpus: float, cpuset: string, cpu_shares: integer, command, configs: listOf(fileReference), container_name: string,
  credential_spec: struct({ config: string, file: string, registry: string }),
  depends_on: mapOf(struct({ condition: string, restart: boolean, required })),
  deploy, device_cgroup_rules: strings, devices: listOf(struct({ source: string, target: string, permissions: string })),
  dns: strings, dns_opt: strings, dns_search: strings, dockerfile: string, domainname: string, entrypoint: command,
  provider: struct({ type: string, options: repeated }), environment: variables, env_file: listOf(struct({ path: string, required: optOut, format: string })), expose: strings,
  extends: struct({ file: string, service: string }), external_links: strings, extra_hosts: hosts, group_add: strings, gpus: listOf(deviceRequest), hostname: string,
  healthcheck: struct({ test: healthTest, timeout: shownDuration, interval: shownDuration, retries: shownInteger, start_period: shownDuration, start_interval: shownDuration, disable: boolean }),
  image: string, init: shownBoolean, ipc: string, isolation: string, labels, label_file: strings, links: strings, logging: struct({ driver: string, options }),
  mem_limit: bytes, mem_reservation: bytes, memswap_limit: bytes, mem_swappiness: bytes, mac_address: string,
  models: mapOf(struct({ endpoint_var: string, model_var: string })), network_mode: string,
  networks: mapOf(struct({ aliases: strings, driver_opts: options, gw_priority: integer, interface_name: string, ipv4_address: string, ipv6_address: string, link_local_ips: strings, mac_address: string, priority: integer })),
  oom_kill_disable: boolean, oom_score_adj: integer, pid: string, pids_limit: integer, platform: string,
  ports: listOf(struct({ name: string, mode: string, host_ip: string, target: integer, published: string, protocol: string, app_protocol: string })),
  privileged: boolean, pull_policy: string, read_only: boolean, restart: string, runtime: string, scale: shownInteger, secrets: listOf(fileReference), security_opt: strings,
  shm_size: bytes, stdin_open: boolean, stop_grace_period: shownDuration, stop_signal: string, storage_opt: options, sysctls: options, tmpfs: strings, tty: boolean, ulimits,
  use_api_socket: boolean, user: string, userns_mode: string, uts: string, volume_driver: string,
  volumes: listOf(struct({
    type: string, source: string, target: string, read_only: boolean, consistency: string,
    bind: struct({ selinux: string, propagation: string, create_host_path: boolean, recursive: string }),
    volume: struct({ labels: options, nocopy: boolean, subpath: string }),
    tmpfs: struct({ size: bytes, mode: integer }), image: struct({ subpath: string })
  })),
  volumes_from: strings, working_dir: string, pre_start: listOf(hook), post_start: listOf(hook), pre_stop: listOf(hook)
})

const network = struct({
  name: string, driver: string, driver_opts: options,
  ipam: always(struct({ driver: string, config: listOf(struct({ subnet: string, gateway: string, ip_range: string, aux_addresses: options })), options })),
  external: boolean, internal: boolean, attachable: boolean, labels, enable_ipv4: shownBoolean, enable_ipv6: shownBoolean
})

const fileObject = { name: string, file: string, environment: string, external: boolean, labels, driver: string, driver_opts: options, template_driver: string }

const shapes = {
  services: mapOf(service), networks: mapOf(network), volumes: mapOf(struct({ name: string, driver: string, driver_opts: options, external: boolean, labels })),
  secrets: mapOf(struct(fileObject)), configs: mapOf(struct({ ...fileObject, content: string })),
  models: mapOf(struct({ name: string, model: string, context_size: integer, runtime_flags: strings }))
}

/**
 * A project with every value of the type that it has to compose, as `docker
 * compose config` shows it. What starts with `x-` is shown at the top only.
 *
 * @throws {Refusal} for a value that its type does not take
 */
export function typedProject(root: ProjectMap): ProjectMap {
  const entries: [string, ProjectEntry][] = []
  for (const [name, entry] of root.entries) {
    if (name.startsWith('x-')) entries.push([name, entry])
    else if (Object.hasOwn(shapes, name)) {
      const value = shapes[name as keyof typeof shapes](entry.value, entry.key)
      if (value) entries.push([name, { key: entry.key, value }])
    }
  }
  return map(entries, root)
}

/**
 * A project as the JSON of `docker compose config --format json`: dollars are
 * doubled, there are always services, and models and the options of an address
 * manager are not shown.
 */
export function composeConfig(project: ProjectMap): Record<string, unknown> {
  const { models: _, ...shown } = escaped(plain(project)) as Record<string, unknown>
  const networks = Object.values((shown['networks'] ?? {}) as Record<string, { ipam: Record<string, unknown> }>)
  for (const { ipam } of networks) delete ipam['options']
  return { ...shown, services: shown['services'] ?? {} }
}

function escaped(value: unknown): unknown {
  if (typeof value === 'string') return value.replaceAll('$', '$$$$')
  if (Array.isArray(value)) return value.map(escaped)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, below]) => [name.replaceAll('$', '$$$$'), escaped(below)]))
}
