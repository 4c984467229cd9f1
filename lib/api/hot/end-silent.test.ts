import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { endSilent } from './end-silent.ts'

test('ends a connection that says nothing, and leaves one that speaks or is spoken to', async () => {
  const sockets = new Map<Socket, string>()
  const server = createServer((socket) => {
    socket.resume().on('error', () => undefined)
    sockets.set(socket, 'open')
    socket.on('close', () => sockets.delete(socket))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const open = async () => {
    const client = connect({ port: (server.address() as AddressInfo).port, host: '127.0.0.1' })
    await once(server, 'connection')
    return { client, own: [...sockets.keys()].at(-1)! }
  }
  const [silent, speaking, told] = [await open(), await open(), await open()]
  let isToldAll = true
  told.client.resume().on('close', () => {
    isToldAll = false
  })
  const talk = setInterval(() => {
    speaking.client.write('.')
    told.own.write('.')
  }, 20)
  const stop = endSilent(sockets, 400)
  try {
    silent.client.resume()
    await once(silent.client, 'close')
    await delay(800)
    expect([...sockets.keys()]).toEqual([speaking.own, told.own])
    expect(isToldAll).toBe(true)
  } finally {
    clearInterval(talk)
    stop()
    for (const { client } of [speaking, told]) client.destroy()
    server.close()
  }
})
