import type { Server } from 'node:http'
import type { Socket } from 'node:net'
import type { Decisions } from '../../decisions/decisions.ts'
import type { Authenticator } from '../authenticate.ts'
import type { Metrics } from '../metrics.ts'
import { parseJson } from '../read-body.ts'
import { type HotQuestion, hotQuestions } from './hot-route.ts'
import { type PlainHead, readPlainHead } from './plain-head.ts'

export type FastLane = {
  /** Cuts the connections that are still in the lane. */
  close(): void
}

const idleMs = 120_000
const headBytesMax = 4_096
const requestBytesMax = 65_536
const unsentBytesMax = 1_048_576
const questions = new Map(hotQuestions.map((question) => [question.path, question]))

/**
 * Answers plain questions straight from the socket: a whole `POST` to a hot path, with a head that `readPlainHead`
 * knows, from a caller who may ask, and a body that is a question. At the first request that is anything else, errors
 * included, the connection goes over to `server` for good, with that request unread; so there is one place that
 * says no to a caller, and one parser for everything unusual. Node's own request and answer objects cost more than
 * the decision.
 */
export function openFastLane(
  server: Server,
  context: {
    readonly decisions: Decisions
    readonly authenticator: Authenticator
    readonly metrics: Metrics
  },
): FastLane {
  const listeners = server.listeners('connection') as ((socket: Socket) => void)[]
  const open = new Set<Socket>()
  server.removeAllListeners('connection')
  server.on('connection', (socket: Socket) => {
    open.add(socket)
    enter(socket, context, () => {
      open.delete(socket)
      for (const listener of listeners) listener.call(server, socket)
    })
    socket.on('close', () => open.delete(socket))
  })
  return {
    close() {
      for (const socket of open) socket.destroy()
    },
  }
}

function enter(
  socket: Socket,
  { decisions, authenticator, metrics }: Parameters<typeof openFastLane>[1],
  leave: () => void,
): void {
  /** The beginning of a request whose end has not come yet. */
  let pending: Buffer | undefined
  let lastHead = ''
  let lastPlain: PlainHead | undefined

  const handOver = (rest: Buffer) => {
    socket.removeListener('data', onData)
    socket.removeListener('drain', onDrain)
    socket.removeListener('timeout', onTimeout)
    socket.removeListener('error', onError)
    socket.removeListener('end', onEnd)
    socket.setTimeout(0)
    socket.pause()
    leave()
    if (rest.length > 0) socket.unshift(rest)
    socket.resume()
  }

  const plainHead = (head: string) => {
    if (head === lastHead) return lastPlain
    lastHead = head
    lastPlain = readPlainHead(head)
    return lastPlain
  }

  /** The answer as it goes out; undefined where this is nothing for the lane. */
  const answer = (question: HotQuestion, plain: PlainHead, body: Buffer): string | undefined => {
    try {
      const { organisationId } = authenticator.key(plain.authorization, 'decisions:read')
      const asked = question.read(parseJson(body))
      const { regime } = asked.question
      const isPlain =
        asked.atLeast === null && (regime === null || decisions.policy(organisationId)?.regimes.has(regime))
      if (!isPlain) return undefined
      const answered = decisions.evaluate(organisationId, asked.question)
      const json = question.write(answered)
      metrics.decided(question.name, answered.decision.reason)
      return `${answerHead()}${plain.echo}${json.length}\r\n\r\n${json}`
    } catch {
      // Whoever reads the request next says what is wrong with it.
      return undefined
    }
  }

  function onData(chunk: Buffer): void {
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
  const onTimeout = () => socket.destroy()
  const onError = () => socket.destroy()
  const onEnd = () => {
    socket.end(pending === undefined ? '' : 'HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n')
  }
  socket.setNoDelay(true)
  socket.setTimeout(idleMs)
  socket.on('data', onData)
  socket.on('drain', onDrain)
  socket.on('timeout', onTimeout)
  socket.on('error', onError)
  socket.on('end', onEnd)
}

let headSecond = Number.NaN
let headText = ''

/** Everything of the head before the caller's own header and the length. */
function answerHead(): string {
  const second = Math.floor(Date.now() / 1_000)
  if (second !== headSecond) {
    headSecond = second
    headText =
      'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nCache-Control: no-store\r\n' +
      `Date: ${new Date(second * 1_000).toUTCString()}\r\nConnection: keep-alive\r\n`
  }
  return headText
}
