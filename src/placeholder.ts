import type { Intent, Setting } from './intent.ts'
import { firstOfSubnet } from './ip-address.ts'
import type { Target } from './target.ts'

/** Fills in what a message or an error text takes from the input and the target; what is not known is left out. */
export function placeholders(setting: Setting, intent: Pick<Intent, 'name' | 'context'>, target?: Target): (text: string) => string {
  return text => text.replace(/\{(\w+)\}/g, (_, name: string) => valueOf(name, setting, intent, target) ?? '…')
}

/** What a placeholder stands for. Only those of a text are looked up: a map that has very many keys has as many settings. */
function valueOf(name: string, { value, whole, sibling }: Setting, { name: object, context }: Pick<Intent, 'name' | 'context'>, target: Target | undefined): string | undefined {
  switch (name) {
    case 'value':
      return value
    case 'name':
      return object?.value
    case 'driver':
      return context.driver?.[0]
    case 'key':
      return value?.split(/[=:]/)[0]
    case 'spec':
      return whole
    case 'subnet':
      return (value === undefined ? undefined : firstOfSubnet(value)) ?? sibling?.(name)
    case 'capability':
      // moby daemon/pkg/oci/caps: names are upper case, with a prefix or without.
      return value?.toUpperCase().replace(/^CAP_/, '')
    case 'path':
      // moby daemon/volume/mounts/windows_parser.go: a target is told in small letters with backslashes.
      return value?.toLowerCase().replaceAll('/', '\\')
    case 'propagation':
      return value?.split(',').find(mode => /shared|slave|private/.test(mode))
    case 'device':
      return value?.toLowerCase()
    case 'class':
      return value?.split('/')[0]
    case 'resource':
      return resourceOf(sibling?.('flag'))
    case 'host':
      return target && `10.0.${target.windows.build}`
    default:
      return sibling?.(name)
  }
}

/** A flag by the name that the engine has for what it limits: `CPUPeriod` for `cpu-period`. */
const resourceOf = (flag: string | undefined): string | undefined =>
  flag?.split('-').map(word => (word === 'cpu' ? 'CPU' : `${word[0]!.toUpperCase()}${word.slice(1)}`)).join('')
