import { useCallback, useEffect, useRef, useState } from 'react'
import { exchange } from '../admin/send.ts'
import type { Release } from './release-types.ts'

/** What is stored of an item: its definition, and the number of its last edit. */
export type Stored<Definition> = {
  readonly definition: Definition | null
  readonly edit: number
  readonly edited_by: string
  readonly edited_at: string
}

export type Conflict<Definition> = {
  /** What somebody else stored meanwhile; null where she took the item out. */
  readonly theirs: Stored<Definition> | null
}

export type DraftState = 'saved' | 'waiting' | 'saving' | 'failed' | 'conflict'

/** How long typing must pause before it is stored. */
const pauseMs = 700

/**
 * An item of a release while it is edited: what is typed is stored as soon as typing pauses, on top of the edit it was
 * based on. Where somebody else has edited it meanwhile nothing is overwritten and nothing is lost: both are kept until
 * one is chosen.
 */
export function useDraft<Definition>(
  release: string,
  item: { readonly kind: string; readonly key: string },
  begun: { readonly definition: Definition; readonly edit: number },
) {
  const path = `releases/${release}/items/${item.kind}/${encodeURIComponent(item.key)}`
  const [definition, setDefinition] = useState(begun.definition)
  const [state, setState] = useState<DraftState>('saved')
  const [error, setError] = useState<string>()
  const [conflict, setConflict] = useState<Conflict<Definition>>()
  const edit = useRef(begun.edit)
  const latest = useRef(begun.definition)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const underWay = useRef<Promise<void>>(undefined)

  const store = useCallback(async (): Promise<void> => {
    clearTimeout(timer.current)
    await underWay.current
    const sent = latest.current
    setState('saving')
    setError(undefined)
    underWay.current = (async () => {
      const { status, body } = await exchange('PUT', path, { edit: edit.current, definition: sent })
      if (status === 409 && body.code === 'draft_conflict') {
        setConflict({ theirs: (body.current as Stored<Definition> | null) ?? null })
        setState('conflict')
      } else if (status >= 200 && status < 300) {
        const { items } = body as Pick<Release, 'items'>
        const stored = items.find((each) => each.kind === item.kind && each.key === item.key)
        edit.current = stored?.edit ?? edit.current
        setState(latest.current === sent ? 'saved' : 'waiting')
        if (latest.current !== sent) timer.current = setTimeout(() => void store(), pauseMs)
      } else {
        setError(String(body.detail ?? 'It could not be stored. Please try again.'))
        setState('failed')
      }
    })()
    await underWay.current
  }, [path, item.kind, item.key])

  const change = useCallback(
    (next: Definition) => {
      latest.current = next
      setDefinition(next)
      setState((before) => (before === 'conflict' ? before : 'waiting'))
      clearTimeout(timer.current)
      timer.current = setTimeout(() => void store(), pauseMs)
    },
    [store],
  )

  // Whoever leaves in the middle of a sentence is asked first.
  useEffect(() => {
    const isOpen = state !== 'saved'
    const warn = (event: BeforeUnloadEvent) => {
      if (isOpen) event.preventDefault()
    }
    addEventListener('beforeunload', warn)
    return () => removeEventListener('beforeunload', warn)
  }, [state])
  useEffect(() => () => clearTimeout(timer.current), [])

  return {
    definition,
    state,
    error,
    conflict,
    change,
    store,
    /** Ends a conflict: with what the other stored, or with one's own on top of it. */
    resolve(choice: 'theirs' | 'mine') {
      const theirs = conflict?.theirs ?? null
      edit.current = theirs?.definition == null ? 0 : theirs.edit
      setConflict(undefined)
      if (choice === 'theirs' && theirs?.definition != null) {
        latest.current = theirs.definition
        setDefinition(theirs.definition)
        setState('saved')
        return
      }
      void store()
    },
  }
}
