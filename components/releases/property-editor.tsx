'use client'

import type { ReactNode } from 'react'
import type { PropertyDefinition } from '../../lib/domain/definitions.ts'
import { Field } from '../ui/field.tsx'
import type { EditorProps } from './editor-props.ts'
import { LinesField } from './lines-field.tsx'

/** A site or app, and whose pages may act for it. */
export function PropertyEditor({ draft, onChange }: EditorProps<PropertyDefinition>): ReactNode {
  return (
    <div className="grid gap-4 md:grid-cols-2">
      <Field
        label="Name"
        value={draft.name}
        onChange={({ target }) => onChange({ ...draft, name: target.value })}
      />
      <LinesField
        label="Web origins"
        hint="One a line, such as https://example.com. Only their pages may ask and answer for it."
        lines={draft.origins}
        onChange={(origins) => onChange({ ...draft, origins })}
      />
    </div>
  )
}
