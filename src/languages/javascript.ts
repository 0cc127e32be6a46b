import type { Language } from '../language.ts'

const extension = /\.[cm]?[jt]s$|\.[jt]sx$/i

/** Declarations of types run nothing. */
const declaration = /\.d\.[cm]?ts$/i

/** Names of Docker, of its client libraries and of what they alone have. */
const mention = /docker|testcontainers|createContainer|createNetwork|HostConfig|withNetworkMode/i

/** Bundles beyond this are no one's own text, and seconds of work. */
const longest = 2_000_000

/** JavaScript and TypeScript: the docker commands that a script runs, and its calls of Docker's API. */
export default {
  id: 'javascript',
  mayBe: path => extension.test(path) && !declaration.test(path),
  recognises: (_path, source) => source.length <= longest && mention.test(source),
  async read(file, matrix, path) {
    const { readProgram } = await import('./javascript-program.ts')
    return readProgram(file, path, matrix)
  }
} satisfies Language
