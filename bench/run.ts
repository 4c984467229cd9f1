import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { jsonRequest, type LoadResult, load } from './load.ts'

const isQuick = process.argv.includes('--quick')
const rounds = isQuick ? 1 : 3
const decisionMs = isQuick ? 2_000 : 8_000
const consentMs = isQuick ? 5_000 : 30_000
const keyCount = 100

const dataDir = mkdtempSync(join(tmpdir(), 'assent-bench-'))
const bootstrapKey = `ask_${randomBytes(32).toString('base64url')}`
const server = spawn(process.execPath, ['dist/server.js'], {
  stdio: ['ignore', 'pipe', 'inherit'],
  env: {
    ...process.env,
    PORT: '0',
    ASSENT_DATA_DIR: dataDir,
    ASSENT_BOOTSTRAP_KEY: bootstrapKey,
    ASSENT_SEED: 'demo',
    DATABASE_URL: '',
    NODE_ENV: 'production',
  },
})
let bare: ChildProcess | undefined
try {
  const url = await printed(server, /What it is +(\S+?)\/\n/)
  const port = Number(new URL(url).port)
  const keys = await Promise.all(Array.from({ length: keyCount }, () => makeKey(url)))
  const { questions, bytes } = await prepareQuestions(url, keys)
  bare = spawn(process.execPath, ['dist/bench/bare-server.js', String(bytes)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const barePort = Number(await printed(bare, /port (\d+)/))

  const next = (index: number) => questions[(index * 7_919) % questions.length]!
  const run = (at: number) => load({ port: at, connections: 32, durationMs: decisionMs, next })
  await load({ port, connections: 32, durationMs: 2_000, next }) // warm
  await load({ port: barePort, connections: 32, durationMs: 1_000, next })
  const pairs: { bare: LoadResult; assent: LoadResult; cpuMicros: number }[] = []
  for (let round = 0; round < rounds; round++) {
    const reference = await run(barePort)
    const before = cpuTicks(server.pid!)
    const assent = await run(port)
    const cpuMicros = ((cpuTicks(server.pid!) - before) * 10_000) / assent.requests
    pairs.push({ bare: reference, assent, cpuMicros })
  }
  for (const { bare: reference, assent, cpuMicros } of pairs) {
    print('bare node:http', reference)
    print('one decision, /v1/check', assent, `${cpuMicros.toFixed(1)} µs CPU a request`)
    const share = assent.perSecond / reference.perSecond
    console.log(
      `  ${(share * 100).toFixed(1)} % of bare; p99 ${(assent.p99Ms / reference.p99Ms).toFixed(2)}× its p99\n`,
    )
  }

  const run_ = randomBytes(4).toString('hex')
  const consents = await load({
    port,
    connections: 256,
    durationMs: consentMs,
    next: (index) => consent(keys[index % keyCount]!, index, run_),
  })
  print('consents recorded, durable, 256 connections, half new subjects', consents)
} finally {
  bare?.kill('SIGTERM')
  server.kill('SIGTERM')
  await new Promise((resolve) => server.on('exit', resolve))
  rmSync(dataDir, { recursive: true, force: true })
}

async function prepareQuestions(url: string, made: readonly string[]) {
  const purposes = ['ai_training', 'analytics', 'personalization', 'ai_training.evaluation']
  const collected = new Date().toISOString()
  const questions: Buffer[] = []
  for (let n = 1; n <= 5_000; n++) {
    for (const purpose of purposes) {
      const subject = `user:user_${String(n).padStart(5, '0')}`
      const body = { subject, purpose, collected_at: collected }
      questions.push(
        jsonRequest('/v1/check', body, { Authorization: `Bearer ${made[questions.length % keyCount]}` }),
      )
    }
  }
  // The reference answers at the mean length of ours.
  let bytes = 0
  const sampled = 200
  for (let n = 1; n <= sampled; n++) {
    const response = await fetch(`${url}/v1/check`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${made[0]}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({
        subject: `user:user_${String(n).padStart(5, '0')}`,
        purpose: 'ai_training',
        collected_at: collected,
      }),
    })
    bytes += (await response.text()).length
  }
  return { questions, bytes: Math.round(bytes / sampled) }
}

function consent(key: string, index: number, run: string): Buffer {
  // Every second write is about someone who is already known.
  const subject =
    index % 2 === 0 ? `user:${run}-${index}` : `user:user_${String((index % 5_000) + 1).padStart(5, '0')}`
  const body = {
    subject,
    property: 'demo',
    notice: { key: 'starter', version: 1, locale: 'en' },
    evidence: { method: 'form' },
    choices: [{ purpose: 'ai_training', act: index % 4 < 2 ? 'grant' : 'withdraw' }],
  }
  return jsonRequest('/v1/consents', body, {
    Authorization: `Bearer ${key}`,
    'Idempotency-Key': `${run}-${index}`,
  })
}

async function makeKey(url: string): Promise<string> {
  const response = await fetch(`${url}/v1/keys`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${bootstrapKey}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({ name: 'Bench', scopes: ['decisions:read', 'consents:write'] }),
  })
  return ((await response.json()) as { key: string }).key
}

async function printed(child: ChildProcess, form: RegExp): Promise<string> {
  let output = ''
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    output += text
  })
  for (let waitedMs = 0; waitedMs < 120_000; waitedMs += 50) {
    const found = form.exec(output)?.[1]
    if (found !== undefined) return found
    if (child.exitCode !== null) throw new Error(`a process ended before it was ready:\n${output}`)
    await delay(50)
  }
  throw new Error(`a process was not ready in two minutes:\n${output}`)
}

/** CPU time of a process in hundredths of a second; 0 where the system does not tell. */
function cpuTicks(pid: number): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ')
    return Number(fields[11]) + Number(fields[12])
  } catch {
    return 0
  }
}

function print(name: string, result: LoadResult, more = ''): void {
  const { perSecond, p50Ms, p99Ms, maxMs, byStatus } = result
  const statuses = Object.entries(byStatus).map(([status, count]) => `${status}: ${count}`)
  console.log(
    `${name}: ${perSecond}/s, p50 ${p50Ms.toFixed(2)} ms, p99 ${p99Ms.toFixed(2)} ms, max ${maxMs.toFixed(1)} ms  (${statuses.join(', ')}) ${more}`,
  )
}
