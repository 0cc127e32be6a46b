import type { Related } from './diagnostic.ts'
import type { Edit } from './edit.ts'
import type { Row } from './matrix.ts'
import type { NetworkUse } from './network.ts'
import type { Range, Spanned } from './text.ts'

/** What somebody asks Docker to do. */
export type Verb =
  | 'network.create' | 'network.use' | 'network.connect'
  | 'container.run' | 'service.create' | 'service.update'
  | 'image.build' | 'volume.create' | 'swarm.init' | 'swarm.join' | 'daemon.start' | 'program.run' | 'command.run'

/** Id of a feature of the support matrix, such as `ipv6-network`. */
export type FeatureId = string

/** Circumstances that rows of the matrix may depend on. */
export type ContextKey = 'host' | 'driver' | 'isolation' | 'via' | 'subnet' | 'internal' | 'network' | 'address' | 'overlap' | 'swarm' | 'beside' | 'mode'

/**
 * What is known of the circumstances of an intent: for each key the values
 * that apply, all at once (a service on two networks has two drivers).
 * `undefined` means that it cannot be known from the files.
 */
export type Context = { readonly [Key in ContextKey]?: readonly string[] | undefined }

/** One thing that an intent asks for, as the matrix spells it. */
export interface Setting {
  /** The row of the matrix whose spelling it is. */
  readonly row: Row
  /** `undefined`: computed at run time. A switch has the value `true`. */
  readonly value: string | undefined
  /** What to do instead, where the spelling says more than the row. */
  readonly instead?: string | undefined
  /** All of a value of which this is a part, as the engine gets it. */
  readonly whole?: string | undefined
  /** What stands beside it, by name: another part of the same value, another key of the same map; `flag` and `command` are the command line's. */
  readonly sibling?: ((name: string) => string | undefined) | undefined
  /** What asks for it, in the outermost file. */
  readonly range: Range
  /** Circumstances of this setting, where they differ from those of its intent. */
  readonly context?: Context | undefined
  /** The network that it is about, if it is not about all of them. */
  readonly network?: NetworkUse
  /** Other places that have to do with it. */
  readonly related?: readonly Related[] | undefined
  /** Where it comes into use, if that is not where it is written (an alias, a merge key). */
  readonly usedAt?: Range | undefined
  readonly editor?: SettingEditor | undefined
}

/**
 * Changes settings in the notation that they are written in. What cannot be
 * done in exactly one way, or would change more, is not done: `undefined`.
 */
export interface SettingEditor {
  /** All characters of the outermost file. */
  readonly source: string
  /** Takes the setting out of the file. */
  remove(setting: Setting): Edit | undefined
  /** Gives it another value; what asks for something by its absence is written. */
  replace(setting: Setting, value: string): Edit | undefined
}

/** Which operating system the containers are for, as far as the files tell. */
export interface Platform {
  readonly os: 'windows' | 'linux' | 'unknown'
  /** Whether `os` is declared (`platform: linux/amd64`), not only concluded. */
  readonly declared: boolean
  readonly evidence: readonly Evidence[]
  /** What tells which Windows it is. */
  readonly releases?: readonly Release[]
}

/** A name that tells a release of Windows: of the machine that something runs on, or of an image. */
export interface Release {
  readonly of: 'machine' | 'image'
  readonly name: string
  /** The build of an image's Windows: 17763 is Windows Server 2019. */
  readonly build?: number
  /** The machine is known to be one of Azure's. */
  readonly azure?: boolean
  readonly range: Range
}

/** One sign of an operating system. */
export interface Evidence {
  readonly os: 'windows' | 'linux'
  readonly says: string
  readonly range: Range
}

/** From where an image is built. What is `undefined` is not written; what has no value is not known. */
export interface Build {
  /** The folder, seen from that of the file. */
  readonly context: Spanned<string | undefined>
  /** The Dockerfile, seen from the context. */
  readonly dockerfile?: Spanned<string | undefined> | undefined
  /** The stage; the last one if it is missing. */
  readonly target?: Spanned<string | undefined> | undefined
}

/** A request to Docker, in whatever notation it is written. */
export interface Intent {
  readonly verb: Verb
  readonly name?: Spanned | undefined
  readonly settings: readonly Setting[]
  readonly context: Context
  /** The network that is made, or those that are joined. */
  readonly networks?: readonly NetworkUse[] | undefined
  /** Other places that bear on its circumstances. */
  readonly related?: readonly Related[]
  /** What the image is built from, if not from a registry. */
  readonly build?: Build | undefined
  readonly platform: Platform
  /** The name of what is asked for, or the words of the command: a handle, not its whole extent. */
  readonly range: Range
}
