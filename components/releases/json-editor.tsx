'use client'

import { type ReactNode, useState } from 'react'
import { TextArea } from '../ui/text-area.tsx'
import type { EditorProps } from './editor-props.ts'

/** What has no form of its own, as it is stored. */
export function JsonEditor({ draft, onChange }: EditorProps<object>): ReactNode {
  const [text, setText] = useState(() => JSON.stringify(draft, null, 2))
  const [error, setError] = useState<string>()
  return (
    <TextArea
      label="Definition (JSON)"
      className="min-h-96 w-full rounded-control border border-edge bg-surface px-3 py-2 font-mono text-xs"
      spellCheck={false}
      value={text}
      error={error}
      onChange={({ target }) => {
        setText(target.value)
        try {
          const parsed: unknown = JSON.parse(target.value)
          if (typeof parsed !== 'object' || parsed === null) throw new Error('It must be an object.')
          setError(undefined)
          onChange(parsed)
        } catch (cause) {
          setError(`Not stored until it can be read: ${(cause as Error).message}`)
        }
      }}
    />
  )
}
