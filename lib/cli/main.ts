import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { EnvironmentError, readCliEnv } from '../env.ts'
import { askHelp, check, explain } from './ask.ts'
import { apply, configurationHelp, exportConfig, plan } from './configuration/configuration.ts'
import { connectionOf, failureOf } from './connection.ts'
import { exitCodes } from './exit-codes.ts'
import { filter } from './filter/filter.ts'
import { filterHelp } from './filter/options.ts'
import { verifyHelp, verifySnapshot } from './verify-snapshot.ts'

/** The project's root, from `dist/assent.js`. */
const root = dirname(dirname(fileURLToPath(import.meta.url)))
const commands = { check, explain, filter, export: exportConfig, plan, apply }
/** These ask no server. */
const offline = { 'verify-snapshot': verifySnapshot }
const help = `Assent: may this data be used for this purpose, now?

${askHelp}

${filterHelp}

${configurationHelp}

${verifyHelp}

The server and its key are those of this directory, or ASSENT_URL and ASSENT_API_KEY.
`

async function main(): Promise<number> {
  const [name, ...args] = process.argv.slice(2)
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
    process.stdout.write(help)
    return name === undefined ? exitCodes.usage : exitCodes.ok
  }
  const own = Object.hasOwn(offline, name) ? offline[name as keyof typeof offline] : undefined
  const command = Object.hasOwn(commands, name) ? commands[name as keyof typeof commands] : undefined
  if (own === undefined && command === undefined) {
    process.stderr.write(`There is no command ${name}.\n\n${help}`)
    return exitCodes.usage
  }
  try {
    if (own !== undefined) return await own(args)
    return await command!(connectionOf(readCliEnv(root)), args)
  } catch (error) {
    if (error instanceof EnvironmentError) {
      process.stderr.write(`${error.message}\n`)
      return exitCodes.usage
    }
    const failed = failureOf(error)
    process.stderr.write(`${failed.message}\n`)
    return failed.exitCode
  }
}

process.exitCode = await main()
