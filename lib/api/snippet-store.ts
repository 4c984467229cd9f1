import type { OrganisationId } from '../domain/ids.ts'

/** A page that asked for a property's banner, and when it last did. */
export type Sighting = { readonly property: string; readonly origin: string; readonly seenAtMs: number }

/** Where the banner was seen. Only origins that a property lists are ever put in. */
export type SnippetStore = {
  see(organisationId: OrganisationId, sighting: Sighting): Promise<void>
  /** The newest first. */
  list(organisationId: OrganisationId): Promise<readonly Sighting[]>
  /** Whether any question was ever asked with a key. */
  hasQuestions(organisationId: OrganisationId): Promise<boolean>
}

/** How often a page that asks all the time is written down. */
const writtenEveryMs = 60_000

/** Remembers sightings as they come, and writes each down once a minute. A failed write is tried with the next. */
export function createSightings(store: SnippetStore, log: { warn(what: object, message: string): void }) {
  const newest = new Map<string, { readonly writtenAtMs: number; readonly sighting: Sighting }>()
  const idOf = (organisationId: OrganisationId, { property, origin }: Sighting) =>
    `${organisationId} ${property} ${origin}`
  return {
    saw(organisationId: OrganisationId, sighting: Sighting): void {
      const id = idOf(organisationId, sighting)
      const writtenAtMs = newest.get(id)?.writtenAtMs ?? 0
      const isDue = sighting.seenAtMs - writtenAtMs >= writtenEveryMs
      newest.set(id, { sighting, writtenAtMs: isDue ? sighting.seenAtMs : writtenAtMs })
      if (!isDue) return
      store.see(organisationId, sighting).catch((error: unknown) => {
        newest.set(id, { sighting, writtenAtMs: 0 })
        log.warn({ err: error }, 'where the banner was seen could not be written down')
      })
    },
    /** The newest first, to the second for what this process saw itself. */
    async list(organisationId: OrganisationId): Promise<readonly Sighting[]> {
      const stored = await store.list(organisationId)
      const all = new Map(stored.map((each) => [idOf(organisationId, each), each]))
      for (const [id, { sighting }] of newest) {
        if (id.startsWith(`${organisationId} `)) all.set(id, sighting)
      }
      return [...all.values()].sort((a, b) => b.seenAtMs - a.seenAtMs)
    },
    hasQuestions: store.hasQuestions,
  }
}

export type Sightings = ReturnType<typeof createSightings>
