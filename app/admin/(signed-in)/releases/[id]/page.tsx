import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { type ReactNode, Suspense } from 'react'
import { Breadcrumb } from '../../../../../components/admin/breadcrumb.tsx'
import { AddItem } from '../../../../../components/releases/add-item.tsx'
import { ReleaseActions } from '../../../../../components/releases/release-actions.tsx'
import { ReleaseApprovals } from '../../../../../components/releases/release-approvals.tsx'
import {
  ReleaseCheckView,
  ReleaseEffectsView,
  ReleaseFlips,
} from '../../../../../components/releases/release-check.tsx'
import { ReleaseComments } from '../../../../../components/releases/release-comments.tsx'
import { ReleaseItems } from '../../../../../components/releases/release-items.tsx'
import { ReleaseStateBadge, ReleaseSteps } from '../../../../../components/releases/release-state.tsx'
import type {
  ItemDifference,
  Release,
  ReleaseCheck,
  ReleaseEffects,
} from '../../../../../components/releases/release-types.ts'
import { Card, CardBody, CardHeader } from '../../../../../components/ui/card.tsx'
import { EmptyState } from '../../../../../components/ui/empty-state.tsx'
import { Time } from '../../../../../components/ui/time.tsx'
import { requireMember } from '../../../../../lib/auth/require-member.ts'
import { AssentApiError, type AssentClient } from '../../../../../lib/client/client.ts'
import type { ReleaseItem } from '../../../../../lib/domain/release.ts'

type Props = { readonly params: Promise<{ readonly id: string }> }

export const metadata: Metadata = { title: 'Release' }

/** One release: what travels in it and what that changes, what keeps it back, who said and approved what. */
export default async function ReleasePage({ params }: Props): Promise<ReactNode> {
  const { api, scopes, id: member } = await requireMember('config:read')
  const id = encodeURIComponent((await params).id)
  const release = await api.call<Release>('GET', `/v1/releases/${id}`).catch(orNotFound)
  const isClosed = release.state === 'published' || release.state === 'discarded'
  const [{ items: differences }, check, { items: inForce }] = await Promise.all([
    api.call<{ items: readonly ItemDifference[] }>('GET', `/v1/releases/${id}/difference`),
    api.call<ReleaseCheck>('GET', `/v1/releases/${id}/check`),
    api.call<{ items: readonly ReleaseItem[] }>('GET', '/v1/configuration'),
  ])
  const mayEdit = scopes.includes('config:write') && !isClosed && release.state !== 'publishing'
  const organisation = inForce.find(({ kind }) => kind === 'organisation')?.definition as
    | { readonly name: string }
    | undefined
  const { people } = release
  return (
    <>
      <Breadcrumb href="/admin/releases">Releases</Breadcrumb>
      <header className="mb-6 grid gap-3">
        <h1 className="text-2xl font-semibold tracking-tight wrap-anywhere">{release.title}</h1>
        <p className="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm text-ink-soft">
          <ReleaseStateBadge state={release.state} /> by {people[release.author] ?? release.author}
          {release.published_at === null ? null : (
            <>
              , published <Time at={release.published_at} />
            </>
          )}
          {release.state === 'scheduled' && release.publish_at !== null ? (
            <>
              , to be published <Time at={release.publish_at} />
            </>
          ) : null}
        </p>
        {release.state === 'discarded' ? null : <ReleaseSteps state={release.state} />}
        {release.publish_error === null ? null : (
          <p role="alert" className="rounded-control bg-negative-soft px-4 py-3 text-sm text-negative">
            It could not be published: {release.publish_error.message} It is tried again each minute.
          </p>
        )}
        {mayEdit ? (
          <ReleaseActions
            release={{
              id: release.id,
              state: release.state,
              author: release.author,
              editors: release.editors,
              sha256: release.sha256,
              base_sha256: release.base_sha256,
              approvals_needed: release.approvals_needed,
              approvers: release.approvers,
              isEmpty: release.items.length === 0,
              hasExperiences: release.items.some(({ kind }) => kind === 'experience'),
            }}
            own={`member:${member}`}
            mayPublish={scopes.includes('config:publish')}
          />
        ) : null}
      </header>
      <div className="grid items-start gap-6 xl:grid-cols-[1fr_20rem]">
        <Card className="min-w-0 overflow-hidden">
          <CardHeader
            title={isClosed ? 'What travelled in it' : 'What travels in it'}
            description={isClosed ? 'Beside it, what differs from what is in force now.' : undefined}
            action={
              mayEdit ? (
                <AddItem
                  release={release.id}
                  controller={organisation?.name ?? ''}
                  property={
                    [...release.items, ...inForce].find(({ kind }) => kind === 'property')?.key ?? 'site'
                  }
                  inForce={inForce.filter(
                    ({ kind, key }) => !release.items.some((item) => item.kind === kind && item.key === key),
                  )}
                />
              ) : null
            }
          />
          {release.items.length === 0 ? (
            <EmptyState title="Nothing is in it yet">
              Add a notice, a purpose, a regime or an experience: what is in force, to change it, or a new
              one.
            </EmptyState>
          ) : (
            <ReleaseItems
              release={release.id}
              items={release.items}
              differences={differences}
              people={people}
              mayEdit={mayEdit}
            />
          )}
        </Card>
        <div className="grid gap-6">
          {isClosed || release.items.length === 0 ? null : (
            <>
              <Card>
                <CardHeader title="Before it can be published" />
                <CardBody>
                  <ReleaseCheckView id={release.id} check={check} />
                </CardBody>
              </Card>
              <Card>
                <CardHeader title="What it does to consents" />
                <CardBody>
                  <Suspense fallback={<p className="text-sm text-ink-soft">Counting…</p>}>
                    <Effects api={api} id={id} />
                  </Suspense>
                </CardBody>
              </Card>
              <Card>
                <CardHeader title="What it does to answers" />
                <CardBody>
                  <ReleaseFlips release={release} />
                </CardBody>
              </Card>
            </>
          )}
          <Card>
            <CardHeader title="Approvals" />
            <CardBody>
              <ReleaseApprovals release={release} />
            </CardBody>
          </Card>
          <Card>
            <CardHeader title="Comments" />
            <CardBody>
              <ReleaseComments
                release={{ id: release.id, comments: release.comments, people }}
                mayComment={mayEdit}
              />
            </CardBody>
          </Card>
        </div>
      </div>
    </>
  )
}

/** Comes after the rest: everybody is counted. */
async function Effects({ api, id }: { readonly api: AssentClient; readonly id: string }): Promise<ReactNode> {
  try {
    return (
      <ReleaseEffectsView effects={await api.call<ReleaseEffects>('GET', `/v1/releases/${id}/effects`)} />
    )
  } catch (error) {
    if (!(error instanceof AssentApiError)) throw error
    return (
      <p className="text-sm text-ink-soft">
        {error.code === 'release_incomplete' ? 'Counted once it could be published as it is.' : error.message}
      </p>
    )
  }
}

function orNotFound(error: unknown): never {
  if (error instanceof AssentApiError && (error.status === 404 || error.status === 400)) notFound()
  throw error
}
