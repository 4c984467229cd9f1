import { execFile, spawnSync } from 'node:child_process'

/** Whether this machine has a python3; without one, tests that need it say so. */
export const hasPython = spawnSync('python3', ['--version']).status === 0
if (!hasPython) console.warn('skipped: this machine has no python3, so the Python examples are not run')

/** Runs a Python program; resolves with what it printed. Nothing waits for it: a server in this process goes on. */
export function runPython(program: string, input: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { env: { ...process.env, PYTHONIOENCODING: 'utf-8' }, maxBuffer: 1e9 }
    const python = execFile('python3', ['-c', program], options, (error, out) =>
      error === null ? resolve(out) : reject(error),
    )
    python.stdin?.end(input)
  })
}
