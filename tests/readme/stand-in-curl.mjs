#!/usr/bin/env node
// Stands in for curl on a machine without it: the few options the README uses, and nothing else.
const args = process.argv.slice(2)
const headers = {}
let url
let body
let ending = ''
while (args.length > 0) {
  const arg = args.shift()
  if (arg === '-s') continue
  if (arg === '-d') body = args.shift()
  else if (arg === '-w') ending = args.shift().replaceAll('\\n', '\n')
  else if (arg === '-H') {
    const [, name, value] = /^([^:]+):\s*(.*)$/.exec(args.shift())
    headers[name] = value
  } else if (arg.startsWith('-') || url !== undefined) throw new Error(`the stand-in for curl lacks ${arg}`)
  else url = arg
}
const answer = await fetch(url, { method: body === undefined ? 'GET' : 'POST', headers, body })
process.stdout.write((await answer.text()) + ending)
