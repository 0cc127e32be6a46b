import { Configuration } from './config.ts'
import { besideUri } from './server-uri.ts'

/** How long a configuration is taken to be the same, by clients too that watch no files. */
const lifetime = 2000

interface Known { readonly until: number; readonly configuration: Promise<Configuration> }

/** The configuration files that hold for the files of the editor. */
export class ServerConfigurations {
  readonly #load: (uri: string) => Promise<Configuration>
  readonly #complain: (fault: string) => void
  readonly #known = new Map<string, Known>()
  readonly #complaints = new Set<string>()

  /** `load` finds and reads the configuration for a file, and throws if it cannot be used. */
  constructor(load: (uri: string) => Promise<Configuration>, complain: (fault: string) => void) {
    this.#load = load
    this.#complain = complain
  }

  /** What is configured for a file; nothing if that cannot be used, of which the user is told. */
  for(uri: string): Promise<Configuration> {
    const folder = besideUri(uri, '.')
    if (folder === undefined) return Promise.resolve(Configuration.none)
    const known = this.#known.get(folder)
    if (known && Date.now() < known.until) return known.configuration
    const configuration = this.#load(uri).catch((error: Error) => {
      if (!this.#complaints.has(error.message)) this.#complain(error.message)
      this.#complaints.add(error.message)
      return Configuration.none
    })
    this.#known.set(folder, { until: Date.now() + lifetime, configuration })
    return configuration
  }

  /** Files have changed on disk. */
  forget(): void {
    this.#known.clear()
    this.#complaints.clear()
  }
}
