import type { Environment } from './languages/compose-interpolation.ts'
import type { Severity } from './diagnostic.ts'
import type { Intent } from './intent.ts'
import type { Matrix, Source } from './matrix.ts'
import type { Range, Spanned, Text } from './text.ts'

/** A fault of a file itself, on every operating system: no YAML, no such key. */
export interface Problem {
  /** Id of the rule that stands for faults of this kind. */
  readonly rule: string
  readonly severity: Severity
  readonly message: string
  readonly instead?: string | undefined
  readonly range: Range
  readonly sources: readonly Source[]
}

/** What a language makes of a file. */
export interface Reading {
  readonly intents: readonly Intent[]
  readonly problems: readonly Problem[]
  /** Comments with their markers, for suppressions. */
  readonly comments: readonly Text[]
  /** Services, stages or commands of which it was asked whether they are for Windows. */
  readonly subjects: readonly Subject[]
  /** Compose files that this one hands to Docker. */
  readonly references?: readonly Reference[] | undefined
  /** Compose files that are laid over each other by one command, by the paths it names. */
  readonly projects?: readonly (readonly Spanned[])[] | undefined
  /** Whether a compose file takes parts from others: `include`, `extends`. */
  readonly takesFromOthers?: boolean | undefined
  /** What could not be found out. */
  readonly gaps?: readonly Gap[] | undefined
  /** What other files ask for that bears on this one: networks that they make. */
  readonly elsewhere?: readonly Intent[]
}

/** A compose file that a command names, by the path it gives. */
export interface Reference extends Spanned {
  /** The command that reads it: `docker stack deploy`, or else `docker compose`. */
  readonly entryPoint: EntryPoint
}

/** What reads a compose file. */
export type EntryPoint = 'compose' | 'stack'

/** Something that could not be found out, and what is not judged for that. */
export interface Gap {
  readonly message: string
  readonly range: Range
}

/** Something that runs on one operating system: a service, a stage, a command. */
export interface Subject {
  readonly name: string
  readonly range: Range
  readonly platform: Intent['platform']
}

/** What surrounds a file and bears on its meaning. */
export interface Surroundings {
  /** Variables of the `.env` file beside it. */
  readonly environment: Environment
  /** Id of the language that it is known to be in, whatever its name. */
  readonly language?: string | undefined
  /** What is known to read it, if it is a compose file, whatever its name. */
  readonly entryPoint?: EntryPoint | undefined
}

/** A notation in which people ask Docker for something. */
export interface Language {
  readonly id: string
  /** Whether a file may be in this language, by its path alone (with `/`). */
  mayBe(path: string): boolean
  /** Whether it may be, by its path and its characters; cheap. */
  recognises(path: string, source: string): boolean
  /** `undefined`: on a closer look, it is something else. */
  read(file: Text, matrix: Matrix, path: string, surroundings: Surroundings): Promise<Reading | undefined>
}
