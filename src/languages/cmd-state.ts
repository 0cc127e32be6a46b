import type { Guard } from '../command.ts'
import { sameValue, type Value } from './cmd-expansion.ts'

/**
 * What is known at a place of a script, on whatever way it was reached.
 *
 * States do not change: a branch starts from the state before it, and where
 * branches meet only what they agree on is left. `undefined` in place of a state
 * says that the place is not reached.
 */
export interface State {
  /** By name in upper case. A name that is missing may have any value. */
  readonly values: ReadonlyMap<string, Value>
  readonly guards: readonly Guard[]
  /** Whether `!X!` is expanded. */
  readonly delayed: boolean
  /** The state that `endlocal` returns to. */
  readonly saved: State | undefined
  /** How many `setlocal` are open. */
  readonly saves: number
}

/** Enough for what people write; the work per assignment is bounded by it. */
const mostVariables = 256

/** cmd refuses to nest `setlocal` deeper. */
const mostSaves = 32

export function unknownState(delayed: boolean): State {
  return { values: new Map(), guards: [], delayed, saved: undefined, saves: 0 }
}

export function assign(state: State, name: string | undefined, value: Value | undefined): State {
  if (name === undefined) return { ...state, values: new Map() }
  if (!value && !state.values.has(name)) return state
  const values = new Map(state.values)
  values.delete(name)
  if (value && values.size < mostVariables) values.set(name, value)
  return { ...state, values }
}

export function withGuard(state: State, guard: Guard | undefined): State {
  const repeats = !guard || state.guards.some(other => other.os === guard.os && other.holds === guard.holds)
  return repeats ? state : { ...state, guards: [...state.guards, guard] }
}

export function setLocal(state: State, delayed: boolean): State {
  return state.saves < mostSaves ? { ...state, delayed, saved: state, saves: state.saves + 1 } : { ...state, delayed }
}

/** Without a `setlocal` that is known, anything may come back. */
export function endLocal(state: State): State {
  return state.saved ? { ...state.saved, guards: state.guards } : { ...state, values: new Map() }
}

/**
 * Both sides of a pipe run in shells of their own: what they assign is lost, and
 * whether `!X!` means anything there depends on how they are written.
 */
export function inPipe(state: State): State {
  return state.delayed ? { ...state, values: new Map() } : state
}

/** What holds in both. */
export function joinStates(a: State | undefined, b: State | undefined): State | undefined {
  if (!a || !b || a === b) return a ?? b
  return {
    values: commonValues(a.values, b.values),
    guards: a.guards === b.guards ? a.guards : a.guards.filter(guard => b.guards.some(other => sameGuard(guard, other))),
    delayed: a.delayed || b.delayed,
    saved: a.saved === b.saved ? a.saved : undefined,
    saves: Math.max(a.saves, b.saves)
  }
}

export function sameState(a: State | undefined, b: State | undefined): boolean {
  if (a === b) return true
  if (!a || !b || a.delayed !== b.delayed || a.saves !== b.saves || a.values.size !== b.values.size || a.guards.length !== b.guards.length) return false
  if (!a.guards.every((guard, index) => sameGuard(guard, b.guards[index]!))) return false
  for (const [name, value] of a.values) if (!sameValue(value, b.values.get(name))) return false
  return sameState(a.saved, b.saved)
}

function commonValues(a: ReadonlyMap<string, Value>, b: ReadonlyMap<string, Value>): ReadonlyMap<string, Value> {
  if (a === b) return a
  const values = new Map<string, Value>()
  for (const [name, value] of a) if (sameValue(value, b.get(name))) values.set(name, value)
  return values
}

function sameGuard(a: Guard, b: Guard): boolean {
  return a.holds === b.holds && a.os === b.os && a.range[0] === b.range[0] && a.range[1] === b.range[1]
}
