import type { RequestListener } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import type { Fleet, FleetStart } from './fleet.ts'
import type { Gate } from './gate.ts'
import { listenForWorkers } from './inner-server.ts'

/** A start waits so long for the first worker; after that this process answers until there is one. */
const firstMs = 10_000

/**
 * Starts the workers of a node and, once one serves, lets connections through to them. `handler` answers what they
 * pass on. Resolves with what ends it all.
 */
export async function startWorkers(options: {
  readonly gate: Gate
  readonly fleet: Fleet
  readonly primary: FleetStart['primary']
  readonly beginning: FleetStart['beginning']
  readonly handler: RequestListener
}): Promise<() => Promise<void>> {
  const { gate, fleet, beginning } = options
  const inner = await listenForWorkers(beginning.primarySocket, options.handler)
  fleet.start({ primary: options.primary, beginning, takeBack: (socket) => gate.pass(socket) })
  await Promise.race([fleet.begun, delay(firstMs, undefined, { ref: false })])
  gate.openTo((socket) => fleet.handOver(socket))
  return async () => {
    gate.server.close()
    await fleet.stop()
    inner.close()
    inner.closeAllConnections()
  }
}
