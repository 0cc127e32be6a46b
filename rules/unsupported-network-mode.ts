import { defineRule } from '../src/rule.ts'

export default defineRule({
  id: 'unsupported-network-mode',
  title: 'Network modes',
  // On Windows `bridge` is an ordinary name: `docker network create -d nat bridge` makes a network of this name.
  except: (_intent, _setting, row, others) =>
    row.feature === 'network-mode-bridge' &&
    others.some(({ verb, name, context }) => verb === 'network.create' && name?.value === 'bridge' && context.via?.includes('network') === true)
})
