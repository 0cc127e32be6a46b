import type { Word } from '../command.ts'

/** Whether a path is evidently that of the engine's configuration, whatever folder is computed. */
export function namesDaemonFile({ text, known, holes = [] }: Word): boolean {
  const { value } = text
  const end = known ? 0 : (holes.at(-1)?.[1] ?? value.length)
  const name = /(?:^|[\\/])daemon\.json$/i.exec(value)
  return name !== null && (end === 0 || name[0].length > 'daemon.json'.length) && end <= name.index
}
