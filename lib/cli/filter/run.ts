import type { AssentClient } from '../../client/client.ts'
import type { Connection } from '../connection.ts'
import { CommandFailed, exitCodes } from '../exit-codes.ts'
import type { Aside } from './aside.ts'
import type { FilterOptions } from './options.ts'
import type { Progress } from './progress.ts'

/** What every part of a run is given. */
export type Run = {
  readonly connection: Connection
  readonly client: AssentClient
  readonly options: FilterOptions
  readonly aside: Aside
  readonly progress: Progress
}

/** How often an output is made again because someone in it said no meanwhile. */
export const roundsMax = 8

export function tooManyChanges(): CommandFailed {
  return new CommandFailed(
    exitCodes.unavailable,
    `Consents kept changing while the output was made: after ${roundsMax} rounds it still held people who may have said no. Nothing was written; filter smaller parts.`,
  )
}
