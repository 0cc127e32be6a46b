import type { PlatformMode } from './linter.ts'
import { isObject } from './server-document.ts'
import { besideUri } from './server-uri.ts'
import { parseTargets, TargetError } from './target.ts'

/** How long a client may take to say what is configured. */
const patience = 2000

/** The section of an editor's settings that is ours. */
export const section = 'porthole'

/** What an editor sets; what it leaves open, the configuration of the project says. */
export interface EditorSettings {
  readonly targets?: readonly string[] | undefined
  readonly platform?: PlatformMode | undefined
  /** Whether services and stages are told over their first lines what is found in them; so by default. */
  readonly codeLens?: boolean | undefined
}

/** Settings as an editor holds them, and what is wrong with them. */
export interface SettingsReading {
  readonly settings: EditorSettings
  readonly fault?: string | undefined
}

/** Reads `{ targets, platform, codeLens }`; what is wrong counts as left open. */
export function readSettings(value: unknown): SettingsReading {
  if (value === undefined || value === null) return { settings: {} }
  if (!isObject(value)) return { settings: {}, fault: `\`${section}\` must be an object` }
  const targets = readTargets(value['targets'])
  const platform = readPlatform(value['platform'])
  const codeLens = readSwitch('codeLens', value['codeLens'])
  return { settings: { targets: targets.value, platform: platform.value, codeLens: codeLens.value }, fault: targets.fault ?? platform.fault ?? codeLens.fault }
}

interface Read<T> { readonly value?: T; readonly fault?: string }

function readTargets(value: unknown): Read<readonly string[]> {
  if (value === undefined || value === null || value === '') return {}
  const names = typeof value === 'string' ? [value] : value
  if (!Array.isArray(names) || !names.every(name => typeof name === 'string')) return { fault: `\`${section}.targets\` must be a list of names such as \`ws2022\`` }
  try {
    parseTargets(names)
  } catch (error) {
    if (!(error instanceof TargetError)) throw error
    return { fault: `\`${section}.targets\`: ${error.message}` }
  }
  // Editors give an empty list where nothing is set.
  return names.length === 0 ? {} : { value: names }
}

function readPlatform(value: unknown): Read<PlatformMode> {
  if (value === undefined || value === null || value === '') return {}
  return value === 'windows' || value === 'auto' ? { value } : { fault: `\`${section}.platform\` must be \`windows\` or \`auto\`` }
}

function readSwitch(name: string, value: unknown): Read<boolean> {
  if (value === undefined || value === null) return {}
  return typeof value === 'boolean' ? { value } : { fault: `\`${section}.${name}\` must be true or false` }
}

/** What settings need of the session. */
export interface SettingsClient {
  /** Asks the editor for the settings of a file. */
  ask(uri: string): Promise<unknown>
  /** Tells the user of a fault. */
  complain(fault: string): void
  /** Settings have come that change what has been found. */
  changed(): void
}

/** The settings of every file: asked of the editor if it can answer, otherwise as it has sent them. */
export class ServerSettings {
  readonly #client: SettingsClient
  readonly #answers = new Map<string, Promise<EditorSettings>>()
  readonly #complaints = new Set<string>()
  #sent: EditorSettings = {}
  #canAsk = false
  /** It was asked and has not answered: nobody shall wait for it again. */
  #isMute = false

  constructor(client: SettingsClient) {
    this.#client = client
  }

  /** What a client says at the start: `initializationOptions`, with our section or without. */
  start(initial: unknown, canAsk: boolean): void {
    this.#canAsk = canAsk
    this.#sent = this.#read(sectionOf(initial) ?? initial)
  }

  /** Settings have changed; clients that cannot be asked send them along. */
  change(settings: unknown): void {
    this.#isMute = false
    this.#answers.clear()
    this.#complaints.clear()
    const sent = sectionOf(settings)
    if (sent !== undefined) this.#sent = this.#read(sent)
  }

  for(uri: string): Promise<EditorSettings> {
    if (!this.#canAsk || this.#isMute) return Promise.resolve(this.#sent)
    // Editors set things for folders; to ask of each of many files would keep them busy.
    const folder = besideUri(uri, '.') ?? uri
    let answer = this.#answers.get(folder)
    if (!answer) this.#answers.set(folder, (answer = this.#ask(uri, folder)))
    return answer
  }

  async #ask(uri: string, folder: string): Promise<EditorSettings> {
    const answer = this.#client.ask(uri).then(
      // An editor in which nothing is configured answers with nothing.
      value => (value === undefined || value === null ? this.#sent : this.#read(value)),
      () => this.#sent
    )
    let timer: ReturnType<typeof setTimeout> | undefined
    const silence = new Promise<EditorSettings>(resolve => {
      timer = setTimeout(() => {
        this.#isMute = true
        void answer.then(settings => this.#hearLate(folder, settings))
        resolve(this.#sent)
      }, patience)
    })
    return await Promise.race([answer, silence]).finally(() => clearTimeout(timer))
  }

  /** An editor that was thought to be mute answers: it can be asked again, though not of this folder. */
  #hearLate(folder: string, settings: EditorSettings): void {
    this.#isMute = false
    if (!this.#answers.has(folder)) return
    this.#answers.set(folder, Promise.resolve(settings))
    this.#client.changed()
  }

  #read(value: unknown): EditorSettings {
    const { settings, fault } = readSettings(value)
    if (fault !== undefined && !this.#complaints.has(fault)) {
      this.#complaints.add(fault)
      this.#client.complain(fault)
    }
    return settings
  }
}

const sectionOf = (settings: unknown): unknown => (isObject(settings) ? settings[section] : undefined)
