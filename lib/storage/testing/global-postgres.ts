import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import type { DatabaseAddress } from '../database-address.ts'
import { serveUser, startEmbeddedPostgres } from '../embedded/start-embedded-postgres.ts'
import { migrate } from '../migrate.ts'

declare module 'vitest' {
  interface ProvidedContext {
    postgres: { owner: DatabaseAddress; serve: DatabaseAddress }
  }
}

/** One PostgreSQL a test run; its database is migrated and serves as the template of every test's own. */
export default async function startForTests(project: TestProject): Promise<() => Promise<void>> {
  const dataDir = mkdtempSync(join(tmpdir(), 'assent-test-'))
  const server = await startEmbeddedPostgres({ dataDir, log: () => undefined })
  await migrate(server.owner, serveUser)
  project.provide('postgres', { owner: server.owner, serve: server.serve })
  return async () => {
    await server.stop()
    rmSync(dataDir, { recursive: true, force: true })
  }
}
