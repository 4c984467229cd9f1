// Loaded before everything else in each of a server's processes: writes where each connection, look-up and datagram
// goes to the file that ASSENT_WATCH_FILE names, a line each.
const { appendFileSync } = require('node:fs')
const net = require('node:net')
const dns = require('node:dns')
const dgram = require('node:dgram')

const note = (kind, target) =>
  appendFileSync(process.env.ASSENT_WATCH_FILE, `${JSON.stringify({ kind, target: String(target) })}\n`)

const { connect } = net.Socket.prototype
net.Socket.prototype.connect = function (...args) {
  const [first] = Array.isArray(args[0]) ? args[0] : args
  const target =
    typeof first === 'object' && first !== null
      ? (first.path ?? first.host ?? 'localhost')
      : typeof first === 'string' && Number.isNaN(Number(first))
        ? first
        : typeof args[1] === 'string'
          ? args[1]
          : 'localhost'
  note('connect', target)
  return connect.apply(this, args)
}
for (const holder of [dns, dns.promises]) {
  const { lookup } = holder
  holder.lookup = function (name, ...rest) {
    note('lookup', name)
    return lookup.call(this, name, ...rest)
  }
}
const { send } = dgram.Socket.prototype
dgram.Socket.prototype.send = function (...args) {
  note('datagram', args.find((arg, place) => place > 0 && typeof arg === 'string') ?? 'localhost')
  return send.apply(this, args)
}
