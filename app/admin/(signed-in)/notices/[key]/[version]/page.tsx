import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { type ReactNode, Suspense } from 'react'
import { Breadcrumb } from '../../../../../../components/admin/breadcrumb.tsx'
import {
  completenessSentence,
  NoticeCompleteness,
} from '../../../../../../components/admin/notice-completeness.tsx'
import { NoticeConsentTable } from '../../../../../../components/admin/notice-consents.tsx'
import { NoticeFacts } from '../../../../../../components/admin/notice-facts.tsx'
import { NoticeState } from '../../../../../../components/admin/notice-state.tsx'
import { NoticeTexts } from '../../../../../../components/admin/notice-texts.tsx'
import { orNotFound } from '../../../../../../components/admin/or-not-found.ts'
import { RoomTitle } from '../../../../../../components/admin/room-title.tsx'
import { StrikeConsents } from '../../../../../../components/admin/strike-consents.tsx'
import { EditInRelease } from '../../../../../../components/releases/edit-in-release.tsx'
import { ButtonLink } from '../../../../../../components/ui/button.tsx'
import { Card, CardBody, CardHeader } from '../../../../../../components/ui/card.tsx'
import { requireMember } from '../../../../../../lib/auth/require-member.ts'
import { AssentApiError, type AssentClient } from '../../../../../../lib/client/client.ts'

type Props = { readonly params: Promise<{ readonly key: string; readonly version: string }> }

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { key, version } = await params
  return { title: `${decodeURIComponent(key)} ${version}` }
}

/** One version of a notice: its words, where it was published, and how many consents rest on it. */
export default async function NoticePage({ params }: Props): Promise<ReactNode> {
  const { api, scopes } = await requireMember()
  const asked = await params
  const key = decodeURIComponent(asked.key)
  const version = Number(asked.version)
  if (!Number.isSafeInteger(version) || version < 1) notFound()
  const notice = await api.notice(key, version).catch(orNotFound)
  const mayStrike = scopes.includes('consents:invalidate') && !notice.is_invalidated
  const others = notice.versions.filter((other) => other !== version)
  const before = others.filter((other) => other < version).at(-1)
  const compared = before ?? others[0]
  return (
    <>
      <Breadcrumb href="/admin/notices">Notices</Breadcrumb>
      <div className="flex flex-wrap items-start justify-between gap-x-6">
        <RoomTitle title={`${key} ${version}`}>
          <NoticeState notice={notice} /> One of {notice.versions.length}{' '}
          {notice.versions.length === 1 ? 'version' : 'versions'}. A published version never changes.
        </RoomTitle>
        <div className="mb-6 flex flex-wrap gap-2">
          {scopes.includes('config:write') ? <EditInRelease kind="notice" itemKey={key} /> : null}
          {compared === undefined ? null : (
            <ButtonLink
              variant="outline"
              href={`/admin/notices/${encodeURIComponent(key)}/compare?from=${Math.min(compared, version)}&to=${Math.max(compared, version)}`}
            >
              Compare with {compared}
            </ButtonLink>
          )}
        </div>
      </div>
      <div className="grid gap-6">
        <Card>
          <CardHeader title="What it is" />
          <CardBody>
            <NoticeFacts notice={notice} />
          </CardBody>
        </Card>
        <Card className="overflow-hidden">
          <CardHeader
            title="Consents that rest on it"
            description="Every yes that was given to these words."
            {...(mayStrike ? { action: <StrikeConsents scope={{ kind: 'notice', key, version }} /> } : {})}
          />
          <Suspense fallback={<p className="px-5 pb-5 text-sm text-ink-soft">Counting…</p>}>
            <Consents api={api} noticeKey={key} version={version} />
          </Suspense>
        </Card>
        <Card className="overflow-hidden">
          <CardHeader
            title="What a notice must say"
            description={completenessSentence(notice.completeness)}
          />
          <NoticeCompleteness checks={notice.completeness} />
        </Card>
        <Card>
          <CardHeader title="The words" description="As people see them." />
          <CardBody>
            <NoticeTexts texts={notice.texts} />
          </CardBody>
        </Card>
      </div>
    </>
  )
}

/** Comes after the rest: everybody is counted. */
async function Consents({
  api,
  noticeKey,
  version,
}: {
  readonly api: AssentClient
  readonly noticeKey: string
  readonly version: number
}): Promise<ReactNode> {
  try {
    return <NoticeConsentTable counted={await api.noticeConsents(noticeKey, version)} />
  } catch (error) {
    if (!(error instanceof AssentApiError)) throw error
    const why = error.code === 'scope_missing' ? 'Your role does not see who consented.' : error.message
    return <p className="px-5 pb-5 text-sm text-ink-soft">Not counted. {why}</p>
  }
}
