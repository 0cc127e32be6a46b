import { defineRule } from '../src/rule.ts'

export default defineRule({
  id: 'unsupported-daemon-key',
  title: 'Keys of daemon.json that a Windows engine refuses or ignores'
})
