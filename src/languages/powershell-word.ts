import type { Word } from '../command.ts'
import type { Range, Text } from '../text.ts'
import type { Evaluator, Variables } from './powershell-constant.ts'
import { concatenated, placed, valueToWord } from './powershell-value.ts'
import type { StringValue, ValuePart } from './powershell-value.ts'
import type { Element, Expression, Invocation } from './powershell-syntax.ts'
import { splitWindowsCommandLine } from './windows-command-line.ts'

/** Turns arguments into the words that a native program receives. */
export class WordReader {
  readonly #script: Text
  readonly #evaluator: Evaluator

  constructor(script: Text, evaluator: Evaluator) {
    this.#script = script
    this.#evaluator = evaluator
  }

  words(invocation: Invocation, variables: Variables): Word[] {
    return invocation.elements.flatMap((element, index) => {
      const isMarker = element.kind === 'string' && invocation.elements[index + 1]?.kind === 'verbatim'
      return isMarker ? [] : this.elementWords(element, variables)
    })
  }

  elementWords(element: Element, variables: Variables): Word[] {
    if (element.kind === 'verbatim') return this.#verbatim(element.start, element.end)
    return this.values(element, variables).map(value => valueToWord(this.#script, value))
  }

  /** One or more strings: an array is a word for each of its items. */
  values(element: Expression | Extract<Element, { kind: 'parameter' }>, variables: Variables): readonly StringValue[] {
    if (element.kind === 'parameter') return [this.#parameter(element, variables)]
    if (element.kind === 'array') return this.#list(element.elements, variables)
    const value = this.#evaluator.value(element, variables)
    if (value?.kind === 'array') return value.items
    if (element.kind !== 'variable') return [value?.kind === 'string' ? value : this.#evaluator.unknown(element)]
    const part = placed(value, element)
    return [part ? { kind: 'string', parts: [part], written: element } : this.#evaluator.unknown(element)]
  }

  #parameter(element: Extract<Element, { kind: 'parameter' }>, variables: Variables): StringValue {
    const { start, end, text, argument } = element
    const name: ValuePart = { text, known: true, start, end: start + text.length }
    if (!argument) return { kind: 'string', parts: [name], written: element }
    const values = this.values(argument, variables)
    const parts = values.length === 1 ? values[0]!.parts : this.#evaluator.unknown(argument).parts
    return { kind: 'string', parts: [name, ...parts], written: { start, end } }
  }

  /** `a,b` is one word, commas included; `a, b` are two. */
  #list(elements: readonly Expression[], variables: Variables): StringValue[] {
    const words: StringValue[][] = [[]]
    elements.forEach((element, index) => {
      words.at(-1)!.push(this.#evaluator.item(element, variables))
      const next = elements[index + 1]
      if (!next) return
      const between = this.#script.value.slice(element.end, next.start)
      const at = element.end + Math.max(0, between.indexOf(','))
      if (at > element.end) words.push([])
      words.at(-1)!.push({ kind: 'string', parts: [{ text: ',', known: true, start: at, end: at + 1 }], written: { start: at, end: at + 1 } })
      if (at + 1 < next.start) words.push([])
    })
    return words.flatMap(values => concatenated(values) ?? [])
  }

  #verbatim(start: number, end: number): Word[] {
    const text = this.#script.slice(start, end)
    const holes = [...text.value.matchAll(/%\w+%/g)].map((found): Range => [found.index, found.index + found[0].length])
    return splitWindowsCommandLine(text, holes)
  }
}
