import type { AssentClient } from '../../client/client.ts'

type ChangesPage = {
  readonly to: string
  readonly head: string
  readonly changes: readonly { readonly act: string; readonly subject: string | null }[]
}

/** What was recorded since a revision, as far as it can bear on what was decided at it. */
export type Changes = {
  /** The log's end when it was read: nothing up to here is missing. */
  readonly to: string
  /** Whose state may have changed, as `sub_…`. */
  readonly subjects: ReadonlySet<string>
  /** Purposes, notices, regimes or properties changed: everything is to be asked again. */
  readonly isConfiguration: boolean
}

const pageMax = 1_000
/** Events about nobody that no decision rests on. */
const indifferent: ReadonlySet<string> = new Set(['key_created', 'key_revoked'])

/** Reads the change feed from `after` to its end. Needs `changes:read`. */
export async function readChanges(client: AssentClient, after: string): Promise<Changes> {
  const subjects = new Set<string>()
  let isConfiguration = false
  for (let to = after; ; ) {
    const query = new URLSearchParams({ after: to, limit: String(pageMax) })
    const page = await client.call<ChangesPage>('GET', `/v1/changes?${query}`)
    for (const { act, subject } of page.changes) {
      if (subject !== null) subjects.add(subject)
      else if (!indifferent.has(act)) isConfiguration = true
    }
    to = page.to
    if (to === page.head || page.changes.length === 0) return { to, subjects, isConfiguration }
  }
}

/**
 * Answers the log's end. Called before anything is read: a key that may not read the feed is refused then, and not
 * after an hour's work.
 */
export async function readHead(client: AssentClient): Promise<string> {
  const { head } = await client.call<ChangesPage>('GET', '/v1/changes?after=0:0&limit=1')
  return head
}
