import { defineRule, makesNetwork, ofFile } from '../src/rule.ts'

/** A container that was taken off its networks can be put on `none`. */
const disconnects = ofFile(intents => intents.some(({ settings }) => settings.some(({ row, sibling }) => row.feature === 'network-connect-running' && sibling?.('command') === 'network disconnect')))

export default defineRule({
  id: 'unsupported-network-mode',
  title: 'Network modes',
  // On Windows `bridge` and the names of drivers are ordinary names: `docker network create -d nat bridge` makes such a network.
  except: (_intent, setting, row, others) => setting.value !== undefined && (makesNetwork(others, setting.value) || (row.feature === 'network-none' && disconnects(others)))
})
