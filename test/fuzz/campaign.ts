import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { grown, growthOf, mutant, type Growth } from './mutation.ts'
import { faultOf, isLinear } from './property.ts'
import { Random } from './random.ts'
import type { Reader } from './reader.ts'

/** A text of which a property does not hold, as short as could be found. */
export interface Failure {
  readonly reader: string
  readonly property: string
  readonly reason: string
  readonly source: string
}

export interface Outcome {
  readonly reader: string
  readonly inputs: number
  /** How many findings the inputs had: a campaign in which nothing is found tests little. */
  readonly findings: number
  readonly failure: Failure | undefined
}

export interface Limits {
  readonly seed: number
  /** Inputs, or milliseconds, whichever ends first. */
  readonly inputs: number
  readonly milliseconds: number
}

const folder = (reader: Reader, root: string): string => join(root, reader.seeds)

/** The texts that inputs are made of. */
export const seedsOf = (reader: Reader, root: string): string[] => readdirSync(folder(reader, root)).sort().map(name => readFileSync(join(folder(reader, root), name), 'utf8'))

/** Reads mutants of seeds until a property does not hold, or the limits are reached. */
export async function campaign(reader: Reader, seeds: readonly string[], { seed, inputs, milliseconds }: Limits): Promise<Outcome> {
  const random = new Random(seed)
  const end = Date.now() + milliseconds
  let findings = 0
  let count = 0
  for (const source of seeds) {
    const failure = await failureOf(reader, source)
    if (failure) return { reader: reader.id, inputs: count, findings, failure }
  }
  for (; count < inputs && Date.now() < end; count++) {
    const source = mutant(random.of(seeds), random.of(seeds), random, reader.marks)
    const failure = source !== '' && random.below(40) === 0 ? await growthFailure(reader, growthOf(source, random)) : await failureOf(reader, source)
    if (failure) return { reader: reader.id, inputs: count + 1, findings, failure }
    if (count % 10 === 0) findings += 10 * ((await reader.read(source)).findings?.length ?? 0)
  }
  return { reader: reader.id, inputs: count, findings, failure: undefined }
}

/** The first property that does not hold, for the shortest text that could be found. */
export async function failureOf(reader: Reader, source: string): Promise<Failure | undefined> {
  const fault = await faultOf(reader, source)
  if (!fault) return undefined
  const shortest = await minimised(source, async text => kindOf((await faultOf(reader, text))?.reason) === kindOf(fault.reason))
  return { reader: reader.id, ...fault, ...(await faultOf(reader, shortest)), source: shortest }
}

async function growthFailure(reader: Reader, growth: Growth): Promise<Failure | undefined> {
  const reasonOf = (text: Growth): Promise<string | undefined> => isLinear(reader, text).catch(thrown)
  const reason = await reasonOf(growth)
  if (reason === undefined) return undefined
  const fails = async (text: Growth): Promise<boolean> => (await reasonOf(text)) !== undefined
  const before = await minimised(growth.before, text => fails({ ...growth, before: text }), 60)
  const after = await minimised(growth.after, text => fails({ ...growth, before, after: text }), 60)
  const shortest = { ...growth, before, after }
  return { reader: reader.id, property: 'linear', reason: (await reasonOf(shortest)) ?? reason, source: grown(shortest, 3) }
}

const thrown = (error: unknown): string => (error instanceof Error ? `throws ${error.stack?.split('\n').slice(0, 6).join('\n') ?? error.message}` : `throws ${String(error)}`)

/** Of what kind a failure is, so that a shorter text does not fail in another way. */
const kindOf = (reason: string | undefined): string | undefined => reason?.replace(/`[^]*`|"[^]*"|\d+/g, '').split('\n')[0]!.slice(0, 60)

/** Takes away parts, ever smaller ones, as long as the text still fails. */
async function minimised(source: string, fails: (text: string) => Promise<boolean>, attempts = 3_000): Promise<string> {
  let text = source
  let left = attempts
  for (let size = Math.ceil(text.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = 0; at < text.length && left > 0; left--) {
      const shorter = text.slice(0, at) + text.slice(at + size)
      if (await fails(shorter)) text = shorter
      else at += size
    }
  }
  return text
}
