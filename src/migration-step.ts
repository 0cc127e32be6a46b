import type { FeatureId } from './intent.ts'
import { compileValuePattern } from './value-pattern.ts'

/** What an overlay does about a setting that Windows does not take. */
export interface MigrationStep {
  readonly does:
    /** Takes the key away; of a list of plain values, the item. */
    | 'remove'
    /** Takes away the item of the list in which the key stands. */
    | 'remove-item'
    /** Gives the key another value. */
    | { readonly set: string }
    /** Writes a rooted path of the container with its drive. */
    | 'add-drive'
    /** Mounts the pipe of the engine in place of its socket. */
    | 'mount-pipe'
  /** Something is lost with it, or must be done elsewhere: it goes on the checklist too. */
  readonly isLoss?: true
}

interface Entry {
  readonly features: readonly FeatureId[]
  /** The last names of the paths that are meant; none: all. */
  readonly keys?: readonly string[]
  readonly value?: string
  readonly step: MigrationStep
}

const gone: MigrationStep = { does: 'remove' }
const lost: MigrationStep = { does: 'remove', isLoss: true }

/**
 * Where an overlay has one meaning: what Windows refuses and has nothing in
 * place of, what it ignores, so that nothing is missed, and what has one
 * counterpart. Everything else is for whoever knows what the project needs.
 */
const entries: readonly Entry[] = [
  { features: ['network-mode-bridge'], keys: ['network_mode', 'network'], step: gone },
  { features: ['host-network'], keys: ['network'], step: gone },
  { features: ['host-network'], keys: ['network_mode'], step: lost },
  { features: ['network-driver-unknown'], keys: ['driver'], value: 'bridge', step: { does: { set: 'nat' } } },
  { features: ['ipv6-network', 'ipv4-disabled', 'ipv6-address'], step: gone },
  { features: ['ipv6-subnet-without-enable'], keys: ['subnet'], step: { does: 'remove-item' } },
  { features: ['ipv6-subnet-without-enable'], keys: ['gateway', 'ip_range'], step: gone },
  { features: ['ip-range', 'aux-address'], step: lost },
  { features: ['ipam-opt', 'driver-opts-unknown', 'endpoint-linux-only', 'overlay-dsr', 'windowsshim-sourcemac', 'windowsshim-routingdomain', 'windowsshim-hnsowned', 'windowsshim-disable-dns'], step: gone },
  { features: ['dns-option', 'ign-sysctls', 'ign-shm-size', 'ign-uts', 'ign-cgroupns', 'ign-init', 'ign-runtime', 'ign-userns', 'ign-oom-score-adj', 'ign-tmpfs'], step: gone },
  { features: ['ign-ipc', 'ign-pid', 'ign-group-add', 'ign-device-cgroup-rule', 'ign-cpu-quota'], step: lost },
  { features: ['cpu-rt-period', 'cpu-rt-runtime', 'res-cgroupparent', 'res-cpuperiod', 'res-cpusetcpus', 'res-memoryswap', 'res-memoryswappiness', 'res-oomkilldisable', 'res-ulimits'], step: gone },
  { features: ['res-blkiodevicereadbps', 'res-blkiodevicereadiops', 'res-blkiodevicewritebps', 'res-blkiodevicewriteiops', 'res-blkioweight', 'res-blkioweightdevice', 'res-memoryreservation', 'res-pidslimit'], step: lost },
  { features: ['ign-cap-add'], keys: ['cap_add'], step: gone },
  { features: ['ign-cap-add'], keys: ['cap_drop'], step: lost },
  { features: ['privileged', 'read-only'], step: lost },
  { features: ['security-opt'], value: '!credentialspec*|CredentialSpec*', step: lost },
  { features: ['port-host-ip'], step: lost },
  { features: ['mount-tmpfs'], value: 'tmpfs', step: { does: 'remove-item' } },
  { features: ['bind-source'], keys: ['selinux', 'propagation'], step: gone },
  { features: ['volume-linux-path'], keys: ['target'], step: { does: 'add-drive' } },
  { features: ['docker-sock'], step: { does: 'mount-pipe' } }
]

/** Features of which some use is mended; the test holds them to the matrix. */
export const migratedFeatures: readonly FeatureId[] = [...new Set(entries.flatMap(({ features }) => features))]

/** What is done about a setting; `undefined`: nothing that is sure to be meant. */
export function migrationStep(feature: FeatureId, key: string, value: string | undefined): MigrationStep | undefined {
  return entries.find(entry => entry.features.includes(feature)
    && (entry.keys?.includes(key) ?? true)
    && (entry.value === undefined || compileValuePattern(entry.value)(value) === true))?.step
}
