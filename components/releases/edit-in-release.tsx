'use client'

import { useRouter } from 'next/navigation'
import { type FormEvent, type ReactNode, useState } from 'react'
import type { ReleaseItem } from '../../lib/domain/release.ts'
import { send } from '../admin/send.ts'
import { Button } from '../ui/button.tsx'
import { Choice } from '../ui/choice.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Field } from '../ui/field.tsx'
import type { ReleaseListed } from './release-types.ts'

type Known = {
  readonly releases: readonly ReleaseListed[]
  readonly definition: ReleaseItem['definition'] | undefined
}

/** Begins a change of what is in force: in a release that is open, or in a new one. */
export function EditInRelease({
  kind,
  itemKey,
}: {
  readonly kind: ReleaseItem['kind']
  readonly itemKey: string
}): ReactNode {
  const [known, setKnown] = useState<Known>()
  return (
    <Dialog
      title={`Edit ${itemKey}`}
      description="What is published never changes: you draft its next version in a release."
      trigger={
        <Button variant="outline" onClick={() => void readAll(kind, itemKey).then(setKnown)}>
          Edit …
        </Button>
      }
    >
      {known === undefined ? (
        <p className="text-sm text-ink-soft">Looking for open releases …</p>
      ) : (
        <Where kind={kind} itemKey={itemKey} known={known} />
      )}
    </Dialog>
  )
}

function Where({
  kind,
  itemKey,
  known: { releases, definition },
}: {
  readonly kind: ReleaseItem['kind']
  readonly itemKey: string
  readonly known: Known
}): ReactNode {
  const router = useRouter()
  const [chosen, setChosen] = useState(releases[0]?.id ?? '')
  const [error, setError] = useState<string>()
  async function submit(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault()
    const title = String(new FormData(event.currentTarget).get('title') ?? '')
    try {
      const id = chosen || (await send<{ id: string }>('POST', 'releases', { title })).id
      const isThere = releases
        .find((each) => each.id === id)
        ?.items.some((item) => item.kind === kind && item.key === itemKey)
      const path = `${kind}/${encodeURIComponent(itemKey)}`
      if (!isThere) await send('PUT', `releases/${id}/items/${path}`, { edit: 0, definition })
      router.push(`/admin/releases/${id}/${path}`)
    } catch (cause) {
      setError((cause as Error).message)
    }
  }
  return (
    <form onSubmit={submit} method="post" className="grid gap-4">
      <Choice
        label="In"
        value={chosen}
        options={[
          ...releases.map(({ id, title }) => ({ value: id, name: title })),
          { value: '', name: 'a new release' },
        ]}
        onChange={({ target }) => setChosen(target.value)}
      />
      {chosen === '' ? (
        <Field label="Title of the release" name="title" required autoComplete="off" maxLength={200} />
      ) : null}
      <p role="alert" className={error === undefined ? 'sr-only' : 'text-sm text-negative'}>
        {error}
      </p>
      <Button type="submit">Edit</Button>
    </form>
  )
}

async function readAll(kind: string, key: string): Promise<Known> {
  const read = async <T,>(path: string): Promise<Partial<T>> => {
    const response = await fetch(`/admin/api/${path}`).catch(() => undefined)
    return response?.ok ? ((await response.json()) as T) : {}
  }
  const [{ releases = [] }, { items = [] }] = await Promise.all([
    read<{ releases: ReleaseListed[] }>('releases?state=open&limit=200'),
    read<{ items: ReleaseItem[] }>('configuration'),
  ])
  return {
    releases: releases.filter(({ state }) => state !== 'publishing'),
    definition: items.find((item) => item.kind === kind && item.key === key)?.definition,
  }
}
