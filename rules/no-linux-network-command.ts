import { defineRule } from '../src/rule.ts'

export default defineRule({
  id: 'no-linux-network-command',
  title: 'Linux network commands in Windows containers'
})
