import type { Filters } from './filter-store.ts'

const keptMax = 1_000

/** What the newest filter runs did, in this process's memory: for a node that may write to no database. */
export function createRememberedFilters(): Filters {
  const kept = new Map<string, object>()
  const nameOf = (organisationId: string, id: string) => `${organisationId} ${id}`
  return {
    async save(organisationId, id, summary) {
      const name = nameOf(organisationId, id)
      kept.delete(name)
      kept.set(name, summary)
      if (kept.size > keptMax) kept.delete(kept.keys().next().value ?? name)
    },
    find: async (organisationId, id) => kept.get(nameOf(organisationId, id)),
  }
}
