/** A position in a log, as the server writes it: `log:seq`, or `epoch.log:seq` after a restore. */
export type Position = { readonly log: string; readonly seq: number }

const form = /^((?:\d{1,9}\.)?\d{1,9}):(\d{1,16})$/

/** Undefined for anything that is not a revision. `log` names the epoch too: positions compare within it alone. */
export function readRevision(text: unknown): Position | undefined {
  const match = typeof text === 'string' ? form.exec(text) : null
  return match === null ? undefined : { log: match[1]!, seq: Number(match[2]) }
}
