// Characters that mean something in YAML, by their codes.

export const tab = 9
export const lineFeed = 10
export const carriageReturn = 13
export const blank = 32
export const doubleQuote = 34
export const hash = 35
export const ampersand = 38
export const singleQuote = 39
export const asterisk = 42
export const comma = 44
export const dash = 45
export const colon = 58
export const greater = 62
export const questionMark = 63
export const openBracket = 91
export const backslash = 92
export const closeBracket = 93
export const bar = 124
export const openBrace = 123
export const closeBrace = 125

/** Characters that end a plain scalar within a flow collection. */
export const isFlowIndicator = (code: number): boolean => code === comma || code === openBracket || code === closeBracket || code === openBrace || code === closeBrace

/** A line break, or no character at all. */
export const isLineEnd = (code: number): boolean => code === lineFeed || code === carriageReturn || Number.isNaN(code)

export const isSpace = (code: number): boolean => code === blank || isLineEnd(code)
