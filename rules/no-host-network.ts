import { defineRule } from '../src/rule.ts'

export default defineRule({
  id: 'no-host-network',
  title: 'Host mode networking',
  // On Windows `host` is an ordinary name: `docker network create -d nat host` makes a network of this name.
  except: (_intent, _setting, _row, others) =>
    others.some(({ verb, name, context }) => verb === 'network.create' && name?.value === 'host' && context.via?.includes('network') === true)
})
