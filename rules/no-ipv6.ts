import { asksFor, defineRule } from '../src/rule.ts'

export default defineRule({
  id: 'no-ipv6',
  title: 'IPv6 on a Windows network',
  // Where IPv6 is enabled as well, the network is refused for that, and its subnets play no part.
  except: (intent, _setting, row) => row.feature === 'ipv6-subnet-without-enable' && asksFor(intent, 'ipv6-network')
})
