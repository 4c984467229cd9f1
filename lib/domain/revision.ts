/** A position in a log: `log:seq` in epoch 0, `epoch.log:seq` later. Opaque to callers. */
export type Revision = { readonly epoch: number; readonly log: number; readonly seq: number }

const form = /^(?:(0|[1-9]\d{0,8})\.)?(0|[1-9]\d{0,8}):(0|[1-9]\d{0,15})$/

export function formatRevision({ epoch, log, seq }: Revision): string {
  return epoch === 0 ? `${log}:${seq}` : `${epoch}.${log}:${seq}`
}

/** Undefined for anything that is not a revision. */
export function parseRevision(text: string): Revision | undefined {
  const match = form.exec(text)
  if (match === null) return undefined
  return { epoch: Number(match[1] ?? 0), log: Number(match[2]), seq: Number(match[3]) }
}
