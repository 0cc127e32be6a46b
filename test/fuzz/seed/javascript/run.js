// porthole-disable-next-line no-ipv6
import { execSync, spawn } from 'node:child_process'
import Docker from 'dockerode'
const net = 'lab', args = ['run', '--network', 'host']
execSync(`docker network create --ipv6 ${net}`)
if (process.platform === 'win32') spawn('docker', [...args, '-p', '127.0.0.1:80:80', 'é'])
else execSync("docker run --privileged " + process.argv[2])
const docker = new Docker()
await docker.createNetwork({ Name: net, Driver: 'overlay', EnableIPv6: true, Options: { encrypted: '' } })
await docker.createContainer({ Image: 'x', HostConfig: { NetworkMode: 'host', Privileged: true, ...extra } })
const up = async ({ name = 'a' }) => { for (const n of ['a', 'b']) await $`docker run --net=host ${n}` }
