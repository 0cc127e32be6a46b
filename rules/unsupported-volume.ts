import { asksFor, defineRule } from '../src/rule.ts'

const isDockerSocket = (path: string | undefined): boolean => path?.endsWith('/docker.sock') ?? false

export default defineRule({
  id: 'unsupported-volume',
  title: 'Volumes and mounts that Windows cannot make',
  // A mount of the engine's socket is one mistake: its source and target need not be called Linux paths as well.
  except: (intent, setting, row) =>
    row.feature !== 'docker-sock' && isDockerSocket(setting.value) && asksFor(intent, 'docker-sock')
})
