import type { FromWorker } from './messages.ts'

type Level = Extract<FromWorker, { kind: 'log' }>['level']

/** A log whose lines are the primary's to write. */
export function logThrough(
  send: (message: FromWorker) => void,
): Record<Level, (what: object, message: string) => void> {
  const write = (level: Level) => (what: object, message: string) =>
    send({ kind: 'log', level, what: plain(what), message })
  return { info: write('info'), warn: write('warn'), error: write('error') }
}

/** An Error has no members that JSON would show. */
function plain(what: object): object {
  return Object.fromEntries(
    Object.entries(what).map(([name, value]) => [
      name,
      value instanceof Error ? { type: value.name, message: value.message, stack: value.stack } : value,
    ]),
  )
}
