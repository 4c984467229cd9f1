import { type Server, STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import type { Decisions } from '../../decisions/decisions.ts'
import type { Ledger, RecordedConsents } from '../../ledger/ledger.ts'
import type { Authenticator } from '../authenticate.ts'
import { recordedJson } from '../consent-command.ts'
import type { Metrics } from '../metrics.ts'
import { problemOf } from '../problem.ts'
import { parseJson } from '../read-body.ts'
import type { Usage } from '../usage/create-usage.ts'
import { endSilent } from './end-silent.ts'
import { type HotQuestion, hotQuestions } from './hot-route.ts'
import { type PlainHead, readPlainHead } from './plain-head.ts'
import { beginWrite, consentsPath } from './write-route.ts'

export type FastLane = {
  /** Ends the connections that are still in the lane: at once, or after the answer to the write under way. */
  close(): void
}

const idleMs = 120_000
const headBytesMax = 4_096
/** About as many as keys that ask at a time; heads that never come again take no more room than this. */
const headsMax = 512
const requestBytesMax = 65_536
const unsentBytesMax = 1_048_576
/** Reading the clock twice for each would cost a tenth of an answer: one in so many is timed, for all of them. */
const timedEvery = 16
const questions = new Map(hotQuestions.map((question) => [question.path, question]))

/**
 * Answers plain questions and writes straight from the socket: a whole `POST` to a hot path, with a head that
 * `readPlainHead` knows, from a caller who may ask, and a body that is a question or what a person said. At the first
 * request that is anything else, errors included, the connection goes over to `server` for good, with that request
 * unread; so there is one place that says no to a caller, and one parser for everything unusual. Only what the ledger
 * says against a write is told here. While it is written, what came after it on its connection waits. Node's own request
 * and answer objects cost more than the decision.
 */
export function openFastLane(
  server: Server,
  context: {
    readonly decisions: Decisions
    /** Undefined where another process writes. */
    readonly ledger: Pick<Ledger, 'recordConsents'> | undefined
    readonly authenticator: Authenticator
    readonly metrics: Metrics
    readonly usage: Usage
    readonly publicUrl: string
    readonly log: { readonly error: (what: object, message: string) => void }
  },
): FastLane {
  const listeners = server.listeners('connection') as ((socket: Socket) => void)[]
  /** How to end each connection in the lane. */
  const open = new Map<Socket, () => void>()
  server.removeAllListeners('connection')
  server.on('connection', (socket: Socket) => {
    const end = enter(socket, context, () => {
      open.delete(socket)
      for (const listener of listeners) listener.call(server, socket)
    })
    open.set(socket, end)
    socket.on('close', () => open.delete(socket))
  })
  const stopLooking = endSilent(open, idleMs)
  return {
    close() {
      stopLooking()
      for (const end of open.values()) end()
    },
  }
}

function enter(socket: Socket, context: Parameters<typeof openFastLane>[1], leave: () => void): () => void {
  const { decisions, authenticator, metrics, usage } = context
  /** The beginning of a request whose end has not come yet. */
  let pending: Buffer | undefined
  let answersUntimed = 0
  let isWriting = false
  /** The caller sends no more. */
  let hasEnded = false
  /** This end takes no more. */
  let isClosing = false
  let hasLeft = false

  const handOver = (rest: Buffer) => {
    hasLeft = true
    socket.removeListener('data', onData)
    socket.removeListener('drain', onDrain)
    socket.removeListener('error', onError)
    socket.removeListener('end', onEnd)
    socket.pause()
    leave()
    if (rest.length > 0) socket.unshift(rest)
    socket.resume()
  }

  /** The answer as it goes out; undefined where this is nothing for the lane. */
  const answer = (question: HotQuestion, plain: PlainHead, body: Buffer): string | undefined => {
    const isTimed = ++answersUntimed >= timedEvery
    const beganAt = isTimed ? performance.now() : 0
    try {
      const caller = authenticator.key(plain.authorization, 'decisions:read')
      const { organisationId } = caller
      const asked = question.read(parseJson(body))
      const { regime } = asked.question
      const isPlain =
        asked.atLeast === null && (regime === null || decisions.policy(organisationId)?.regimes.has(regime))
      if (!isPlain) return undefined
      const answered = decisions.evaluate(organisationId, asked.question)
      usage.decided(caller, question.name, asked, answered)
      const json = question.write(answered)
      if (isTimed) {
        answersUntimed = 0
        metrics.took(question.name, performance.now() - beganAt, timedEvery)
      }
      metrics.decided(question.name, answered.decision.reason)
      return `HTTP/1.1 200 OK\r\n${answerHeaders()}${plain.echo}${json.length}\r\n\r\n${json}`
    } catch {
      // Whoever reads the request next says what is wrong with it.
      return undefined
    }
  }

  /** Begins a write and answers it in its time; false where this is nothing for the lane. */
  const write = (plain: PlainHead, body: Buffer): boolean => {
    let recorded: Promise<RecordedConsents> | undefined
    if (context.ledger === undefined) return false
    try {
      const principal = authenticator.key(plain.authorization, 'consents:write')
      recorded = beginWrite(context.ledger, principal, body, plain.idempotencyKey)
    } catch {
      return false
    }
    if (recorded === undefined) return false
    isWriting = true
    const beganAt = performance.now()
    recorded.then(
      (done) => {
        metrics.took(consentsPath, performance.now() - beganAt)
        written(recordedText(done, plain), 'latin1')
      },
      (error) => written(refusedText(error, plain, context), 'utf8'),
    )
    return true
  }

  const written = (text: string, encoding: 'latin1' | 'utf8') => {
    isWriting = false
    if (socket.destroyed) return
    if (isClosing) {
      socket.end(text, encoding)
      return
    }
    socket.write(text, encoding)
    const rest = pending
    pending = undefined
    socket.resume()
    if (rest !== undefined) onData(rest)
    if (hasEnded && !hasLeft) onEnd()
  }

  function onData(chunk: Buffer): void {
    if (isWriting) {
      pending = pending === undefined ? chunk : Buffer.concat([pending, chunk])
      if (pending.length > requestBytesMax) socket.pause()
      return
    }
    const wasPending = pending !== undefined
    const buffer = pending === undefined ? chunk : Buffer.concat([pending, chunk])
    pending = undefined
    let out = ''
    let at = 0
    const send = () => {
      if (out !== '' && !socket.write(out, 'latin1') && socket.writableLength > unsentBytesMax) socket.pause()
    }
    while (at < buffer.length) {
      const headEnd = buffer.indexOf('\r\n\r\n', at, 'latin1')
      const plain =
        headEnd < 0 || headEnd - at > headBytesMax
          ? undefined
          : plainHead(buffer.toString('latin1', at, headEnd))
      const end = plain === undefined ? 0 : headEnd + 4 + plain.bodyBytes
      // Once a request may come in two pieces; whoever sends more of them is in no hurry.
      const mayWait = !wasPending || at > 0
      const isAwaited = plain === undefined ? headEnd < 0 : end > buffer.length
      if (isAwaited && mayWait && buffer.length - at <= requestBytesMax) {
        pending = Buffer.from(buffer.subarray(at))
        break
      }
      if (plain?.path === consentsPath && end <= buffer.length) {
        send()
        if (!write(plain, buffer.subarray(headEnd + 4, end))) {
          handOver(buffer.subarray(at))
          return
        }
        if (end < buffer.length) pending = Buffer.from(buffer.subarray(end))
        return
      }
      const question = plain === undefined ? undefined : questions.get(plain.path)
      const text =
        plain === undefined || question === undefined || end > buffer.length
          ? undefined
          : answer(question, plain, buffer.subarray(headEnd + 4, end))
      if (text === undefined) {
        send()
        handOver(buffer.subarray(at))
        return
      }
      out += text
      at = end
    }
    send()
  }
  const onDrain = () => socket.resume()
  const onError = () => socket.destroy()
  const onEnd = () => {
    hasEnded = true
    if (isWriting) return
    socket.end(pending === undefined ? '' : 'HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n')
  }
  socket.setNoDelay(true)
  socket.on('data', onData)
  socket.on('drain', onDrain)
  socket.on('error', onError)
  socket.on('end', onEnd)
  return () => {
    isClosing = true
    if (!isWriting) socket.destroy()
  }
}

function recordedText(recorded: RecordedConsents, { echo }: PlainHead): string {
  const json = recordedJson(recorded)
  const replayed = recorded.isReplay ? 'Idempotent-Replayed: true\r\n' : ''
  return `HTTP/1.1 201 Created\r\n${answerHeaders()}${replayed}${echo}${json.length}\r\n\r\n${json}`
}

const heads = new Map<string, PlainHead>()

/** Callers send the same head again and again: those of late are read once. */
function plainHead(head: string): PlainHead | undefined {
  const known = heads.get(head)
  if (known !== undefined) return known
  const plain = readPlainHead(head)
  if (plain === undefined) return undefined
  if (heads.size >= headsMax) heads.clear()
  heads.set(head, plain)
  return plain
}

/** What the ledger says against a write. */
function refusedText(
  error: unknown,
  { echo }: PlainHead,
  { metrics, publicUrl, log }: Pick<Parameters<typeof openFastLane>[1], 'metrics' | 'publicUrl' | 'log'>,
): string {
  const { status, headers, body } = problemOf(error, { publicUrl })
  if (status === 500) log.error({ err: error, route: consentsPath }, 'a call failed')
  metrics.failed(consentsPath, status)
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  const head = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}${dateHeaders()}`
  return `${head}${echo}${Buffer.byteLength(body)}\r\n\r\n${body}`
}

let headSecond = Number.NaN
let dateText = ''
let headText = ''

function dateHeaders(): string {
  const second = Math.floor(Date.now() / 1_000)
  if (second !== headSecond) {
    headSecond = second
    dateText = `Date: ${new Date(second * 1_000).toUTCString()}\r\nConnection: keep-alive\r\n`
    headText = `Content-Type: application/json\r\nCache-Control: no-store\r\n${dateText}`
  }
  return dateText
}

/** Everything of the head between the status and the caller's own header and the length. */
function answerHeaders(): string {
  dateHeaders()
  return headText
}
