import { connect, type Socket } from 'node:net'
import { residentMb, startServer } from '../processes.ts'

/**
 * What a hostile or careless stream costs a server: one line of 10 GB, and a filter of 2 GB whose every record passes.
 * Prints how long each took and how much memory the server had at most beyond what it began with.
 */
const server = await startServer()
try {
  await report('one line of 10 GB, passed over', 10_000, (socket, megabytes) =>
    writeAll(socket, Buffer.alloc(1_048_576, 0x78), megabytes),
  )
  const record = { user_id: 'user_00001', at: new Date().toISOString(), text: 'x'.repeat(130) }
  const line = `${JSON.stringify(record)}\n`
  const lines = Buffer.from(line.repeat(Math.ceil(1_048_576 / line.length)))
  await report('a filter of 2 GB, every record permitted', 2_000, (socket, megabytes) =>
    writeAll(socket, lines, megabytes),
  )
} finally {
  await server.stop()
}

async function report(
  what: string,
  megabytes: number,
  send: (socket: Socket, megabytes: number) => Promise<void>,
): Promise<void> {
  const socket = connect({ port: server.port, host: '127.0.0.1' })
  const before = residentMb(server.pid)
  let most = before
  const watch = setInterval(() => {
    most = Math.max(most, residentMb(server.pid))
  }, 20)
  let received = 0
  let tail = ''
  const whole = new Promise<void>((resolve, reject) => {
    socket.on('data', (chunk: Buffer) => {
      received += chunk.length
      tail = (tail + chunk.toString('latin1', Math.max(0, chunk.length - 5))).slice(-5)
      if (tail === '0\r\n\r\n') resolve()
    })
    socket.on('close', () => reject(new Error(`${what}: the answer was broken off`)))
    socket.on('error', reject)
  })
  const began = performance.now()
  socket.write(
    'POST /v1/filter?purpose=service&subject=user:user_id&collected_at=at HTTP/1.1\r\nHost: localhost\r\n' +
      `Authorization: Bearer ${server.keys[0]}\r\nTransfer-Encoding: chunked\r\n` +
      'Content-Type: application/x-ndjson\r\n\r\n',
  )
  await Promise.all([send(socket, megabytes), whole])
  clearInterval(watch)
  const seconds = ((performance.now() - began) / 1_000).toFixed(1)
  console.log(
    `${what}: ${seconds} s, ${Math.round(received / 1_048_576)} MB came back, ${Math.round(most - before)} MB more memory`,
  )
  socket.removeAllListeners('close')
  socket.destroy()
}

async function writeAll(socket: Socket, piece: Buffer, megabytes: number): Promise<void> {
  const framed = Buffer.concat([Buffer.from(`${piece.length.toString(16)}\r\n`), piece, Buffer.from('\r\n')])
  for (let n = 0; n < megabytes; n++) {
    if (!socket.write(framed)) await new Promise((resolve) => socket.once('drain', resolve))
  }
  socket.write('0\r\n\r\n')
}
