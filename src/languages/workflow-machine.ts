import type { Evidence, Platform, Release } from '../intent.ts'
import type { Range } from '../text.ts'
import type { Scope } from './workflow-expression.ts'
import { mayHold } from './workflow-expression.ts'

export type System = 'windows' | 'linux' | 'darwin'

/** A machine that a job runs on, one for each row of its matrix. */
export interface Machine {
  readonly system: System
  /** Whether it is known to be an Azure VM. */
  readonly azure: boolean
  /** What tells its system; none if it is only a possibility. */
  readonly evidence?: Evidence | undefined
  /** The name by which the machine is asked for. */
  readonly name?: string | undefined
  /** What expressions refer to on this machine. */
  readonly scope: Scope
}

/** The scope of a machine before its system is known. */
export type ScopeOn = (system: System | undefined) => Scope

const segments: Readonly<Record<System, RegExp>> = {
  windows: /^(?:windows|win)\d*$|^vs\d+$/,
  linux: /^(?:linux|ubuntu|debian|alpine|centos|fedora|rhel|rocky|almalinux|archlinux|mariner|azurelinux|opensuse)\d*$/,
  darwin: /^(?:macos|mac|osx|darwin)\d*$/
}

/** The system that a name of a runner, an image or a pool speaks of, by the words in it: `self-hosted-windows-2022`. */
export function systemNamed(name: string): System | undefined {
  const words = name.toLowerCase().split(/[^a-z0-9]+/)
  const named = (Object.keys(segments) as System[]).filter(system => words.some(word => segments[system].test(word)))
  return named.length === 1 ? named[0] : undefined
}

/** A machine whose system a name tells, or every one that it may be. */
export function machinesNamed(name: string | undefined, range: Range, what: string, azure: boolean, scopeOn: ScopeOn): Machine[] {
  const system = name === undefined ? undefined : systemNamed(name)
  return system === undefined ? anyMachine(scopeOn) : [machineOf(system, range, `${what} \`${name}\``, azure, scopeOn, name)]
}

export const machineOf = (system: System, range: Range, says: string, azure: boolean, scopeOn: ScopeOn, name?: string): Machine => ({
  system, azure, name, evidence: { os: system === 'windows' ? 'windows' : 'linux', says, range }, scope: scopeOn(system)
})

/** What a machine may be of which nothing is known. */
export const anyMachine = (scopeOn: ScopeOn): Machine[] => (['windows', 'linux', 'darwin'] as const).map(system => ({ system, azure: false, scope: scopeOn(system) }))

/** The machines on which a condition may hold, with the condition as evidence where it decides. */
export function machinesWhere(machines: readonly Machine[], condition: { readonly value: string; readonly range: Range } | undefined): Machine[] {
  if (!condition) return [...machines]
  const chosen = machines.filter(({ scope }) => mayHold(condition.value, scope))
  if (chosen.length === machines.length) return chosen
  return chosen.map(machine => (machine.evidence ? machine : { ...machine, evidence: { os: machine.system === 'windows' ? 'windows' : 'linux', says: `the condition \`${condition.value.trim().slice(0, 100)}\``, range: condition.range } }))
}

/** What all machines of a step have in common; where none of them runs Windows, their containers are for Linux. */
export function platformOf(machines: readonly Machine[]): Platform {
  const windows = machines.filter(({ system }) => system === 'windows')
  const releases = windows.flatMap(releaseOf)
  if (machines.length === 0 || (windows.length > 0 && windows.length < machines.length)) return { os: 'unknown', declared: false, evidence: [], releases }
  const evidence = machines.find(machine => machine.evidence)?.evidence
  return { os: windows.length > 0 ? 'windows' : 'linux', declared: true, evidence: evidence ? [evidence] : [], releases }
}

const releaseOf = ({ name, azure, evidence }: Machine): Release[] => (name !== undefined && evidence ? [{ of: 'machine', name, azure, range: evidence.range }] : [])

/** Whether all Windows machines among them are Azure VMs. */
export function isOnAzure(machines: readonly Machine[]): boolean {
  const windows = machines.filter(({ system }) => system === 'windows')
  return windows.length > 0 && windows.every(({ azure }) => azure)
}
