import { baseOf, folderOf, joinPath } from './compose-path.ts'

/** The text of a file by its path, absolute with `/`; `undefined`: there is none, or it may not be read. */
export type ReadText = (path: string) => string | undefined

/** compose-go cli/options.go */
const ownNames = ['compose.yaml', 'compose.yml', 'docker-compose.yml', 'docker-compose.yaml']
const overrideNames = ['compose.override.yml', 'compose.override.yaml', 'docker-compose.override.yml', 'docker-compose.override.yaml']

/** Whether compose finds a file by itself. */
export const isOwn = (path: string): boolean => ownNames.includes(baseOf(path)) || overrideNames.includes(baseOf(path))

/** Whether a file is one of several that compose finds by itself in its folder. */
export function isLaidOver(path: string, read: ReadText): boolean {
  const beside = (name: string): string | undefined => read(joinPath(folderOf(path), name))
  return isOwn(path) && (overrideNames.some(name => beside(name) !== undefined) || /^[ \t]*(?:export[ \t]+)?COMPOSE_FILE[ \t]*=/m.test(beside('.env') ?? ''))
}
