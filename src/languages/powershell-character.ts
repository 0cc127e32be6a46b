/**
 * Classes of characters, by the rules of PowerShell's tokenizer.
 *
 * All take a UTF-16 code unit, or NaN past the end (what `charCodeAt` says).
 */

export const isNewline = (code: number): boolean => code === 0x0a || code === 0x0d

const blanks = new Set([0x09, 0x0b, 0x0c, 0x20, 0x85, 0xa0])
const dashes = new Set([0x2d, 0x2013, 0x2014, 0x2015])
const singleQuotes = new Set([0x27, 0x2018, 0x2019, 0x201a, 0x201b])
const doubleQuotes = new Set([0x22, 0x201c, 0x201d, 0x201e])
const breaks = new Set([...'&(),;{|}\0'].map(character => character.charCodeAt(0)))
/** The same for ASCII, as every character of a script is asked about. */
const asciiEnds = Uint8Array.from({ length: 0x80 }, (_, code) => isNewline(code) || breaks.has(code) || blanks.has(code) ? 1 : 0)
const asciiBlanks = Uint8Array.from({ length: 0x80 }, (_, code) => blanks.has(code) ? 1 : 0)
const separator = /[\p{Zs}\p{Zl}\p{Zp}]/u
const letterOrDigit = /[\p{L}\p{Nd}]/u

export const isBlank = (code: number): boolean => code < 0x80 ? asciiBlanks[code] === 1 : blanks.has(code) || (code > 0xff && separator.test(String.fromCharCode(code)))

export const isDash = (code: number): boolean => dashes.has(code)

export const isSingleQuote = (code: number): boolean => singleQuotes.has(code)

export const isDoubleQuote = (code: number): boolean => doubleQuotes.has(code)

export const isQuote = (code: number): boolean => isSingleQuote(code) || isDoubleQuote(code)

/** Whether a bare word ends here: not at quotes, `=`, `<`, `>` or `#`, which are ordinary inside one. */
export const endsWord = (code: number): boolean => code < 0x80 ? asciiEnds[code] === 1 : !(code > 0) || isBlank(code)

export const isDigit = (code: number): boolean => code >= 0x30 && code <= 0x39

export const isLetter = (code: number): boolean =>
  (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a) || (code > 0x7f && letterOrDigit.test(String.fromCharCode(code)) && !isDigit(code))

/** Characters of a variable's name: letters, digits, `_` and `?`. */
export const isName = (code: number): boolean => isLetter(code) || isDigit(code) || code === 0x5f || code === 0x3f
