// `node network.mjs FOLDER PDS_PORT PLC_PORT [POSTGRESQL_URL REDIS_HOST]`: a personal data server and its directory of
// identities, and with the last two the network's index as well. FOLDER is where `install` has put the packages.
import { createRequire } from 'node:module'
import net from 'node:net'
import path from 'node:path'

const [folder, pdsPort, plcPort, dbPostgresUrl, redisHost] = process.argv.slice(2)
const { TestNetwork, TestNetworkNoAppView } = createRequire(path.join(folder, 'package.json'))('@atproto/dev-env')

// Its servers listen on every address of the machine; here they listen on one.
const listen = net.Server.prototype.listen
net.Server.prototype.listen = function (port, ...rest) {
  const then = rest.filter((one) => typeof one === 'function')
  return listen.call(this, { port: Number(port?.port ?? port ?? 0), host: '127.0.0.1' }, ...then)
}

const plc = { port: Number(plcPort) }
const pds = { port: Number(pdsPort), hostname: 'localhost', rateLimitsEnabled: true }
if (redisHost) process.env.REDIS_HOST = redisHost
const network = redisHost
  ? await TestNetwork.create({ plc, pds, dbPostgresUrl, dbPostgresSchema: 'antiphon' })
  : await TestNetworkNoAppView.create({ plc, pds })
console.log('ready')
for (const sign of ['SIGTERM', 'SIGINT']) {
  process.on(sign, () => network.close().finally(() => process.exit(0)))
}
