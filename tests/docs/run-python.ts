import { execFileSync, spawnSync } from 'node:child_process'

/** Whether this machine has a python3; without one, tests that need it say so. */
export const hasPython = spawnSync('python3', ['--version']).status === 0
if (!hasPython) console.warn('skipped: this machine has no python3, so the Python examples are not run')

/** Runs a Python program; answers what it printed. */
export function runPython(program: string, input: string): string {
  return execFileSync('python3', ['-c', program], {
    input,
    encoding: 'utf8',
    env: { ...process.env, PYTHONIOENCODING: 'utf-8' },
    maxBuffer: 1e9,
  })
}
