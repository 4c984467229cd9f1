import { createServer } from 'node:http'

/**
 * The reference: the least a Node server can do for a JSON question. It parses the same body and answers at the same
 * length. Prints its port.
 */
const answer = Buffer.alloc(Number(process.argv[2] ?? 256), 'x')
const server = createServer((request, response) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    JSON.parse(Buffer.concat(chunks).toString('utf8'))
    response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': answer.length })
    response.end(answer)
  })
})
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  if (address !== null && typeof address === 'object') console.log(`port ${address.port}`)
})
