import { noticePublished } from '../../config/notice-published.ts'
import type { AgeBands } from '../../domain/definitions.ts'
import type { RunningApi } from './start-api.ts'

/** Publishes these purposes as ones whose yes must be confirmed, with the notice that names their new versions. */
export async function needConfirmation(
  { ledger, decisions, organisationId }: RunningApi,
  ...keys: readonly string[]
): Promise<void> {
  const policy = decisions.policy(organisationId)!
  const changed = keys.map((key) => {
    const purpose = policy.purposes.get(key)!
    const version = purpose.currentVersion + 1
    return { version, definition: { ...purpose.versions.at(-1)!, needsConfirmation: true } }
  })
  const notice = policy.notices.get('starter')!.at(-1)!.definition
  await ledger.publish(organisationId, [
    ...changed.map((each) => ({ act: 'purpose_published', ...each }) as const),
    noticePublished({
      ...notice,
      version: notice.version + 1,
      purposes: notice.purposes.map((named) => ({
        ...named,
        version: changed.find(({ definition }) => definition.key === named.purpose)?.version ?? named.version,
      })),
    }),
  ])
}

/** Publishes the organisation's own regime with other ages. */
export async function publishAges(
  { ledger, decisions, organisationId }: RunningApi,
  ageBands: AgeBands,
): Promise<void> {
  const { version, definition } = decisions.policy(organisationId)!.regimes.get('default')!
  await ledger.publish(organisationId, [
    { act: 'regime_published', version: version + 1, definition: { ...definition, ageBands } },
  ])
}
