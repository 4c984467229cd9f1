'use client'

import { type ReactNode, useState } from 'react'
import { TextArea } from '../ui/text-area.tsx'

/** A list that is typed one entry a line. */
export function LinesField({
  label,
  hint,
  lines,
  onChange,
}: {
  readonly label: string
  readonly hint?: string
  readonly lines: readonly string[]
  readonly onChange: (lines: readonly string[]) => void
}): ReactNode {
  const [text, setText] = useState(lines.join('\n'))
  return (
    <TextArea
      label={label}
      {...(hint === undefined ? {} : { hint })}
      rows={2}
      value={text}
      onChange={({ target }) => {
        setText(target.value)
        onChange(
          target.value
            .split('\n')
            .map((line) => line.trim())
            .filter((line) => line !== ''),
        )
      }}
    />
  )
}
