import type { Output, Word } from '../command.ts'
import type { Text } from '../text.ts'
import { namesDaemonFile } from './daemon-path.ts'
import type { Evaluator, Variables } from './powershell-constant.ts'
import type { Expression, Invocation } from './powershell-syntax.ts'
import { valueItems, valueToWord, type Value } from './powershell-value.ts'
import { Arguments } from './powershell-wrapper.ts'

const writers = /^(?:out-file|set-content|sc|add-content|ac|tee-object|tee|new-item|ni)$/

/** Recognizes the ways in which PowerShell scripts write the engine's configuration. */
export class OutputReader {
  readonly #script: Text
  readonly #evaluator: Evaluator
  /** Whether the script names such a file at all. */
  readonly #mayConfigure: boolean

  constructor(script: Text, evaluator: Evaluator) {
    this.#script = script
    this.#evaluator = evaluator
    this.#mayConfigure = /daemon\.json/i.test(script.value)
  }

  /** `… | Set-Content daemon.json`, `echo … > daemon.json`; `before`: what is piped into the invocation. */
  invoked(invocation: Invocation, name: string, before: readonly (Expression | Invocation)[], variables: Variables): Output | undefined {
    if (!this.#mayConfigure) return undefined
    const [target] = invocation.redirections
    if (target) return this.redirected([...before, { ...invocation, redirections: [] }], target, variables)
    const command = name.toLowerCase().replace(/^.*\\/, '')
    if (!writers.test(command)) return undefined
    const named = new Arguments(invocation.elements.slice(1))
    const path = ['path', 'filepath', 'literalpath'].map(each => named.get(each)).find(each => each !== undefined)
    const given = named.get('value') ?? named.get('inputobject') ?? (/content$|^[sa]c$/.test(command) ? named.at(path ? 0 : 1) : undefined)
    const content = before.length > 0 ? this.#evaluator.pipedValue(before, variables) : given && this.#evaluator.value(given, variables)
    const appends = /^(?:add-content|ac)$/.test(command) || invocation.elements.some(element => element.kind === 'parameter' && /^-app/i.test(element.text))
    return this.#output(path ?? named.at(0), content, appends, variables)
  }

  /** `'…' > daemon.json` */
  redirected(elements: readonly (Expression | Invocation)[], target: Expression, variables: Variables): Output | undefined {
    if (!this.#mayConfigure) return undefined
    const appends = /(?:^|[^>])>>\s*$/.test(this.#script.value.slice(Math.max(0, target.start - 20), target.start))
    return this.#output(target, this.#evaluator.pipedValue(elements, variables), appends, variables)
  }

  /** `[IO.File]::WriteAllText('daemon.json', '…')` */
  called(expression: Extract<Expression, { kind: 'access' }>, variables: Variables): Output | undefined {
    const { target, steps } = expression
    const [method] = steps
    const [path, content] = method?.arguments ?? []
    if (!this.#mayConfigure || target.kind !== 'type' || !/^(?:system\.)?io\.file$/i.test(target.name) || !/^(?:write|append)all(?:text|lines)$/.test(method?.name ?? '')) return undefined
    return this.#output(path, content && this.#evaluator.value(content, variables), method!.name.startsWith('append'), variables)
  }

  #output(target: Expression | undefined, content: Value | undefined, appends: boolean, variables: Variables): Output | undefined {
    const path = target && this.#evaluator.value(target, variables)
    if (path?.kind !== 'string' || !content || content.kind === 'table') return undefined
    const word = valueToWord(this.#script, path)
    return namesDaemonFile(word) ? { path: word, content: valueItems(content).map((item): Word => valueToWord(this.#script, item)), appends } : undefined
  }
}
