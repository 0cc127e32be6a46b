import { randomUUID } from 'node:crypto'
import { accessSync, closeSync, constants, fchmodSync, fchownSync, fsyncSync, openSync, realpathSync, renameSync, statSync, unlinkSync, writeSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { readBytes, reasonOf } from './files.ts'
import { decode, encode, type SourceFile } from './source-file.ts'

/**
 * Replaces the text of a file, which is stored as before. Whoever reads the file finds
 * all of the old text or all of the new, even if this process is ended midway.
 *
 * @throws {Error} with a message for the user if the file holds something else than `before`, or cannot be written
 */
export function writeFixed(path: string, before: string, after: string): void {
  try {
    // Through a symbolic link the file is written that it leads to.
    const target = realpathSync(path)
    accessSync(target, constants.W_OK)
    const original = readUnchanged(target, before)
    replaceFile(target, encode(after, original), () => { readUnchanged(target, before) })
  } catch (error) {
    throw new Error(`${error instanceof ChangedError ? error.message : reasonOf(error)}; it was not fixed`, { cause: error })
  }
}

/** A file that must not be written over. */
class ChangedError extends Error {
  override readonly name = 'ChangedError'
}

function readUnchanged(path: string, text: string): SourceFile {
  const bytes = readBytes(path)
  const file = decode(bytes)
  if (file.text !== text) throw new ChangedError('has changed since it was read')
  if (!bytes.equals(encode(text, file))) throw new ChangedError(`holds bytes that are not ${file.encoding.toUpperCase()}`)
  return file
}

/** Writes a file beside the old one, and gives it its name. */
function replaceFile(target: string, bytes: Uint8Array, check: () => void): void {
  const { mode, uid, gid } = statSync(target)
  const beside = join(dirname(target), `.porthole-${randomUUID()}`)
  const file = openSync(beside, 'wx', mode & 0o777)
  try {
    try {
      for (let written = 0; written < bytes.length;) written += writeSync(file, bytes, written)
      keepOwner(file, uid, gid)
      fchmodSync(file, mode & 0o7777)
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
    check()
    renameSync(beside, target)
  } catch (error) {
    unlinkSync(beside)
    throw error
  }
}

/** Only a privileged user may give files away; for all others the new file is theirs, as any that they write. */
function keepOwner(file: number, uid: number, gid: number): void {
  if (process.getuid?.() !== 0) return
  fchownSync(file, uid, gid)
}
