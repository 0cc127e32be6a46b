import { defineRule, makesNetwork } from '../src/rule.ts'

export default defineRule({
  id: 'no-host-network',
  title: 'Host mode networking',
  // On Windows `host` is an ordinary name: `docker network create -d nat host` makes a network of this name.
  except: (_intent, _setting, _row, others) => makesNetwork(others, 'host')
})
