import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, symlinkSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { type RunningServer, root } from './start-server.ts'

/** Where curl is missing, a stand-in for the few options the page uses. */
function searchPath(): string {
  const path = process.env.PATH ?? ''
  const hasCurl = path.split(delimiter).some((directory) => existsSync(join(directory, 'curl')))
  return hasCurl ? path : `${join(root, 'tests/readme/stand-in')}${delimiter}${path}`
}

/** Runs commands with `sh` in an empty directory, as if it were the project's, and answers all they print. */
export function runExample({ port, dataDir }: RunningServer, script: string): Promise<string> {
  const cwd = join(dataDir, 'reader')
  if (!existsSync(cwd)) {
    mkdirSync(cwd)
    symlinkSync(join(root, 'node_modules'), join(cwd, 'node_modules'))
  }
  const adapted = script
    .replaceAll('localhost:3000', `localhost:${port}`)
    .replaceAll('.assent/', `${dataDir}/`)
    .replaceAll('./assent ', `${join(root, 'assent')} `)
  const env = { ...process.env, PATH: searchPath(), ASSENT_DATA_DIR: dataDir }
  return new Promise((resolve, reject) => {
    execFile('sh', ['-c', `exec 2>&1\n${adapted}`], { cwd, env, timeout: 30_000 }, (error, stdout) => {
      // A command that answers no ends with 1; only one that did not run to its end is a failure here.
      if (error !== null && (error.killed || typeof error.code !== 'number')) reject(error)
      else resolve(stdout)
    })
  })
}
