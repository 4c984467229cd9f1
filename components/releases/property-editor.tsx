'use client'

import type { ReactNode } from 'react'
import type { PropertyDefinition } from '../../lib/domain/definitions.ts'
import { Choice } from '../ui/choice.tsx'
import { Field } from '../ui/field.tsx'
import type { EditorProps } from './editor-props.ts'
import { IdentityFields } from './identity-fields.tsx'
import { LinesField } from './lines-field.tsx'

/** A site or app, and whose pages may act for it. */
export function PropertyEditor({ draft, onChange }: EditorProps<PropertyDefinition>): ReactNode {
  return (
    <div className="grid items-start gap-4 md:grid-cols-2">
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
      <Choice
        label="May others train AI on its content?"
        value={draft.trainAi ?? ''}
        options={[
          { value: '', name: 'say nothing' },
          { value: 'n', name: 'no' },
          { value: 'y', name: 'yes' },
        ]}
        onChange={({ target: { value } }) => {
          const { trainAi: _, ...rest } = draft
          onChange(value === 'y' || value === 'n' ? { ...rest, trainAi: value } : rest)
        }}
      />
      <IdentityFields
        identity={draft.identity}
        onChange={(identity) => {
          const { identity: _, ...rest } = draft
          onChange(identity === undefined ? rest : { ...rest, identity })
        }}
      />
    </div>
  )
}
