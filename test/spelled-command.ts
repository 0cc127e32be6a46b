import type { CliSpelling } from '../src/matrix.ts'
import { sampleOf } from './spelling-sample.ts'

/** Words that a command needs beside its flags. */
const operands: Readonly<Record<string, string>> = {
  'network create': 'lan', 'network connect': 'lan web', 'container run': 'image', 'container create': 'image', 'service create': 'image', 'service update': 'web',
  'image build': '.', 'buildx build': '.', 'volume create': 'data', 'container update': 'web', 'container cp': 'web:/a b', 'container commit': 'web', 'container top': 'web', 'container export': 'web'
}

/** Values of flags with parts: an example is the part alone for mounts, and the whole value for the others. */
function partValue({ flag, part, key, value, example }: CliSpelling): string {
  const sample = sampleOf(value) ?? 'x'
  if (flag === 'volume') return { source: `${example ?? sample}:C:\\data`, target: `data:${example ?? sample}`, mode: `data:C:\\data:${example ?? sample}`, type: 'data:C:\\data' }[part!]!
  if (flag!.startsWith('mount')) {
    const parts = { type: 'bind', source: 'C:\\data', target: 'C:\\data', ...{ [part!]: example ?? sample } }
    return Object.entries(parts).map(([name, written]) => `${name}=${written}`).join(',')
  }
  if (example !== undefined) return example
  if (key !== undefined) return `name=lan,${part}=${sampleOf(key)}=${sample}`
  return { host_ip: `${sample}:80:80`, published: `${sample}:80`, target: `80:${sample}`, protocol: `80:80/${sample}`, name: sample }[part!] ?? `${flag === 'network' ? 'name=lan,' : ''}${part}=${sample}`
}

/** How a command line spells a feature; what must be found is not marked where it is a part of a value. */
export function commandLine(spelling: CliSpelling, command: string, quote: (word: string) => string): { source: string; isExact: boolean } {
  const { flag, key, part, argument, value, absent, example } = spelling
  const rest = operands[command] ?? 'web'
  if (argument !== undefined) {
    const words = rest.split(' ')
    words[argument] = `⟦${quote(example ?? sampleOf(value) ?? 'x')}⟧`
    return { source: `docker ${command} ${words.join(' ')}`, isExact: true }
  }
  if (flag === undefined || absent) return { source: `docker ⟦${command}⟧ ${rest}`, isExact: true }
  if (part !== undefined) return { source: `docker ${command} --${flag} ${quote(partValue(spelling))} ${rest}`, isExact: false }
  if (key !== undefined) return { source: `docker ${command} ⟦--${flag} ${quote(example ?? `${sampleOf(key)}${value === undefined ? '' : `=${sampleOf(value)}`}`)}⟧ ${rest}`, isExact: true }
  if (value === '<true>' || value === 'true') return { source: `docker ${command} ⟦--${flag}⟧ ${rest}`, isExact: true }
  // A switch takes its value only with an equals sign.
  if (value === '<false>' || value === 'false') return { source: `docker ${command} ⟦--${flag}=false⟧ ${rest}`, isExact: true }
  const written = example ?? sampleOf(value) ?? 'x'
  return { source: `docker ${command} ⟦--${flag} ${quote(written)}⟧ ${rest}`, isExact: true }
}

export const shells = {
  bash: { path: 'a.sh', quote: (word: string) => (/^[\w.:/=,-]+$/.test(word) ? word : `'${word}'`) },
  powershell: { path: 'a.ps1', quote: (word: string) => (/^[\w.:/=-]+$/.test(word) && !word.startsWith('-') ? word : `'${word}'`) },
  cmd: { path: 'a.cmd', quote: (word: string) => (/^[\w.:/\\-]+$/.test(word) ? word : `"${word.replace(/"/g, '\\"').replace(/\\+$/, '$&$&')}"`) }
} as const
