import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import type { ReactNode } from 'react'
import { Breadcrumb } from '../../../../../../../components/admin/breadcrumb.tsx'
import { surroundingsOf } from '../../../../../../../components/releases/editor-props.ts'
import { ItemEditor } from '../../../../../../../components/releases/item-editor.tsx'
import { kindName } from '../../../../../../../components/releases/release-table.tsx'
import type { Release } from '../../../../../../../components/releases/release-types.ts'
import { requireMember } from '../../../../../../../lib/auth/require-member.ts'
import { AssentApiError } from '../../../../../../../lib/client/client.ts'
import type { ReleaseItem } from '../../../../../../../lib/domain/release.ts'

type Props = {
  readonly params: Promise<{ readonly id: string; readonly kind: string; readonly key: string }>
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Edit ${decodeURIComponent((await params).key)}` }
}

/** One item of a release, to be edited. */
export default async function EditItemPage({ params }: Props): Promise<ReactNode> {
  const { api } = await requireMember('config:write')
  const asked = await params
  const key = decodeURIComponent(asked.key)
  const [release, { items }, { purposes }] = await Promise.all([
    api.call<Release>('GET', `/v1/releases/${encodeURIComponent(asked.id)}`).catch(orNotFound),
    api.call<{ items: readonly ReleaseItem[] }>('GET', '/v1/configuration'),
    api.purposes(),
  ])
  const item = release.items.find((each) => each.kind === asked.kind && each.key === key)
  if (item === undefined) notFound()
  const versions = Object.fromEntries(purposes.map((purpose) => [purpose.key, purpose.version]))
  return (
    <>
      <Breadcrumb href={`/admin/releases/${release.id}`}>{release.title}</Breadcrumb>
      <h1 className="mb-1 text-2xl font-semibold tracking-tight wrap-anywhere">
        <span className="text-ink-soft">{kindName(item.kind)}</span> {key}
      </h1>
      <ItemEditor
        release={release.id}
        item={{ kind: item.kind, key, definition: item.definition } as ReleaseItem}
        edit={item.edit}
        people={release.people}
        around={surroundingsOf(items, release.items, versions)}
      />
    </>
  )
}

function orNotFound(error: unknown): never {
  if (error instanceof AssentApiError && (error.status === 404 || error.status === 400)) notFound()
  throw error
}
