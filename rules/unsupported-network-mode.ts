import { defineRule, makesNetwork } from '../src/rule.ts'

export default defineRule({
  id: 'unsupported-network-mode',
  title: 'Network modes',
  // On Windows `bridge` and the names of drivers are ordinary names: `docker network create -d nat bridge` makes such a network.
  except: (_intent, setting, _row, others) => setting.value !== undefined && makesNetwork(others, setting.value)
})
