import type { Intent, Setting } from './intent.ts'
import { firstOfSubnet } from './ip-address.ts'
import type { Target } from './target.ts'

/** Fills in what a message or an error text takes from the input and the target; what is not known is left out. */
export function placeholders(setting: Setting, { name, context }: Pick<Intent, 'name' | 'context'>, target?: Target): (text: string) => string {
  const { value, whole, sibling } = setting
  const values: Readonly<Record<string, string | undefined>> = {
    value,
    name: name?.value,
    driver: context.driver?.[0],
    key: value?.split(/[=:]/)[0],
    spec: whole,
    subnet: (value === undefined ? undefined : firstOfSubnet(value)) ?? sibling?.('subnet'),
    // moby daemon/pkg/oci/caps: names are upper case, with a prefix or without.
    capability: value?.toUpperCase().replace(/^CAP_/, ''),
    // moby daemon/volume/mounts/windows_parser.go: a target is told in small letters with backslashes.
    path: value?.toLowerCase().replaceAll('/', '\\'),
    propagation: value?.split(',').find(mode => /shared|slave|private/.test(mode)),
    device: value?.toLowerCase(),
    class: value?.split('/')[0],
    resource: resourceOf(sibling?.('flag')),
    host: target && `10.0.${target.windows.build}`
  }
  return text => text.replace(/\{(\w+)\}/g, (_, key: string) => (key in values ? values[key] : sibling?.(key)) ?? '…')
}

/** A flag by the name that the engine has for what it limits: `CPUPeriod` for `cpu-period`. */
const resourceOf = (flag: string | undefined): string | undefined =>
  flag?.split('-').map(word => (word === 'cpu' ? 'CPU' : `${word[0]!.toUpperCase()}${word.slice(1)}`)).join('')
