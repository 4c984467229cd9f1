'use client'

import Link from 'next/link'
import type { ReactNode } from 'react'
import { useSend } from '../admin/use-send.ts'
import { Button } from '../ui/button.tsx'
import { Time } from '../ui/time.tsx'
import { ItemDifferenceView } from './difference.tsx'
import { kindName } from './release-table.tsx'
import type { DraftItem, ItemDifference, People } from './release-types.ts'

/** What travels in a release, each with what it changes. */
export function ReleaseItems({
  release,
  items,
  differences,
  people,
  mayEdit,
}: {
  readonly release: string
  readonly items: readonly DraftItem[]
  readonly differences: readonly ItemDifference[]
  readonly people: People
  readonly mayEdit: boolean
}): ReactNode {
  const { error, act } = useSend()
  return (
    <>
      <p role="alert" className={error === undefined ? 'sr-only' : 'px-5 pb-3 text-sm text-negative'}>
        {error}
      </p>
      {items.map(({ kind, key, edit, edited_by, edited_at }) => {
        const path = `${kind}/${encodeURIComponent(key)}`
        const difference = differences.find((each) => each.kind === kind && each.key === key)
        return (
          <section key={path} aria-label={`${kindName(kind)} ${key}`} className="border-t px-5 py-4">
            <div className="flex flex-wrap items-start justify-between gap-3">
              <div className="min-w-0">
                <h3 className="font-medium wrap-anywhere">
                  <span className="text-ink-soft">{kindName(kind)}</span> {key}
                </h3>
                <p className="text-xs text-ink-soft">
                  {people[edited_by] ?? edited_by}, <Time at={edited_at} />
                </p>
              </div>
              {mayEdit ? (
                <div className="flex gap-2">
                  {kind === 'purpose_retirement' ? null : (
                    <Link
                      className="inline-flex h-8 items-center rounded-control border border-edge bg-surface px-3 text-sm font-medium hover:bg-sunken"
                      href={`/admin/releases/${release}/${path}`}
                    >
                      Edit<span className="sr-only"> {key}</span>
                    </Link>
                  )}
                  <Button
                    variant="quiet"
                    size="small"
                    aria-label={`Take ${key} out`}
                    onClick={() =>
                      act(
                        'DELETE',
                        `releases/${release}/items/${path}?edit=${edit}`,
                        undefined,
                        `${key} is out.`,
                      )
                    }
                  >
                    Take out
                  </Button>
                </div>
              ) : null}
            </div>
            {difference === undefined ? null : (
              <div className="mt-3">
                <ItemDifferenceView item={difference} />
              </div>
            )}
          </section>
        )
      })}
    </>
  )
}
