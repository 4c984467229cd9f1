import { AssentApiError } from '../client/client.ts'
import type { CliEnv } from '../env.ts'
import { CommandFailed, exitCodes, usage } from './exit-codes.ts'

export type Connection = { readonly url: string; readonly key: string }

/** The server and the key, or words about what is missing. */
export function connectionOf(env: CliEnv): Connection {
  if (env.url === undefined) {
    throw new CommandFailed(
      exitCodes.unavailable,
      'No Assent runs in this directory. Start one with npm start, or set ASSENT_URL and ASSENT_API_KEY.',
    )
  }
  if (env.key === undefined) throw usage('Set ASSENT_API_KEY to a key for this server.')
  return { url: env.url, key: env.key }
}

/** How a failed call ends the command. */
export function failureOf(error: unknown): CommandFailed {
  if (error instanceof CommandFailed) return error
  if (!(error instanceof AssentApiError)) throw error
  const isAway = error.status === 0 || error.status >= 500
  return new CommandFailed(
    isAway ? exitCodes.unavailable : exitCodes.usage,
    `${error.message} (${error.code})`,
  )
}
