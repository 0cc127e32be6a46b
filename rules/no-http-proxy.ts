import { defineRule } from '../src/rule.ts'

export default defineRule({
  id: 'no-http-proxy',
  title: 'HTTP proxies for containers and builds'
})
