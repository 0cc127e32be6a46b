import type { LintOptions, PlatformMode } from './linter.ts'
import { isObject } from './server-document.ts'
import { namesWindows, parseTargets, TargetError } from './target.ts'

/** How long a client may take to say what is configured. */
const patience = 2000

/** The section of an editor's settings that is ours. */
export const section = 'porthole'

/** Settings as an editor holds them, and what is wrong with them. */
export interface SettingsReading {
  readonly options: LintOptions
  readonly fault?: string
}

export const defaultOptions: LintOptions = { targets: parseTargets([]), statedTargets: false, platform: 'windows' }

/** Reads `{ targets, platform }`; what is wrong counts as not stated. */
export function readSettings(value: unknown): SettingsReading {
  if (value === undefined || value === null) return { options: defaultOptions }
  if (!isObject(value)) return { options: defaultOptions, fault: `\`${section}\` must be an object` }
  const targets = readTargets(value['targets'])
  const platform = readPlatform(value['platform'])
  const fault = targets.fault ?? platform.fault
  return { options: { ...targets.value, platform: platform.value }, ...(fault === undefined ? {} : { fault }) }
}

interface Read<T> { readonly value: T; readonly fault?: string }

function readTargets(value: unknown): Read<Pick<LintOptions, 'targets' | 'statedTargets'>> {
  const none = { targets: defaultOptions.targets, statedTargets: false }
  if (value === undefined || value === null) return { value: none }
  const names = typeof value === 'string' ? [value] : value
  if (!Array.isArray(names) || !names.every(name => typeof name === 'string')) return { value: none, fault: `\`${section}.targets\` must be a list of names such as \`ws2022\`` }
  try {
    return { value: { targets: parseTargets(names), statedTargets: namesWindows(names) } }
  } catch (error) {
    if (!(error instanceof TargetError)) throw error
    return { value: none, fault: `\`${section}.targets\`: ${error.message}` }
  }
}

function readPlatform(value: unknown): Read<PlatformMode> {
  if (value === undefined || value === null || value === 'windows') return { value: 'windows' }
  return value === 'auto' ? { value: 'auto' } : { value: 'windows', fault: `\`${section}.platform\` must be \`windows\` or \`auto\`` }
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
  readonly #answers = new Map<string, Promise<LintOptions>>()
  readonly #complaints = new Set<string>()
  #sent: LintOptions = defaultOptions
  #canAsk = false

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
    this.#answers.clear()
    this.#complaints.clear()
    const sent = sectionOf(settings)
    if (sent !== undefined) this.#sent = this.#read(sent)
  }

  for(uri: string): Promise<LintOptions> {
    if (!this.#canAsk) return Promise.resolve(this.#sent)
    let answer = this.#answers.get(uri)
    if (!answer) this.#answers.set(uri, (answer = this.#ask(uri)))
    return answer
  }

  forget(uri: string): void {
    this.#answers.delete(uri)
  }

  async #ask(uri: string): Promise<LintOptions> {
    let isLate = false
    const answer = this.#client.ask(uri).then(
      value => {
        // An editor in which nothing is configured answers with nothing.
        const options = value === undefined || value === null ? this.#sent : this.#read(value)
        if (isLate && this.#answers.has(uri)) {
          this.#answers.set(uri, Promise.resolve(options))
          this.#client.changed()
        }
        return options
      },
      () => this.#sent
    )
    let timer: ReturnType<typeof setTimeout> | undefined
    const silence = new Promise<LintOptions>(resolve => {
      timer = setTimeout(() => {
        isLate = true
        resolve(this.#sent)
      }, patience)
    })
    return await Promise.race([answer, silence]).finally(() => clearTimeout(timer))
  }

  #read(value: unknown): LintOptions {
    const { options, fault } = readSettings(value)
    if (fault !== undefined && !this.#complaints.has(fault)) {
      this.#complaints.add(fault)
      this.#client.complain(fault)
    }
    return options
  }
}

const sectionOf = (settings: unknown): unknown => (isObject(settings) ? settings[section] : undefined)
