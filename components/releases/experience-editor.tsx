'use client'

import { type ReactNode, useState } from 'react'
import type { ExperienceDefinition } from '../../lib/domain/definitions.ts'
import type { PropertyKey, PurposeKey } from '../../lib/domain/ids.ts'
import { Choice } from '../ui/choice.tsx'
import { Field } from '../ui/field.tsx'
import type { EditorProps } from './editor-props.ts'
import { LinesField } from './lines-field.tsx'
import { LocaleTabs } from './locale-tabs.tsx'

const layouts = [
  { value: 'bar', name: 'a bar along the page' },
  { value: 'box', name: 'a box in the corner' },
  { value: 'dialog', name: 'a dialog' },
]
const words = [
  { name: 'accept', label: 'Accept' },
  { name: 'reject', label: 'Reject' },
  { name: 'choose', label: 'Choose' },
] as const

/** How a property asks. Nothing here can make a yes easier than a no: accept and reject differ in their words alone. */
export function ExperienceEditor({ draft, onChange, around }: EditorProps<ExperienceDefinition>): ReactNode {
  const set = (changed: Partial<ExperienceDefinition>) => onChange({ ...draft, ...changed })
  const locales = Object.keys(draft.texts)
  const [asked, setLocale] = useState(locales[0] ?? 'en')
  const locale = locales.includes(asked) ? asked : (locales[0] ?? 'en')
  const text = draft.texts[locale] ?? { accept: '', reject: '', choose: '' }
  return (
    <div className="grid gap-6">
      <div className="grid gap-4 md:grid-cols-2">
        <Choice
          label="Property"
          value={draft.property}
          options={around.properties.map((key) => ({ value: key, name: key }))}
          onChange={({ target }) => set({ property: target.value as PropertyKey })}
        />
        <Choice
          label="Layout"
          value={draft.layout}
          options={layouts}
          onChange={({ target }) => set({ layout: target.value as ExperienceDefinition['layout'] })}
        />
        <LinesField
          label="Notices it shows"
          hint={`Keys, one a line. There are: ${around.notices.join(', ') || 'none yet'}.`}
          lines={draft.notices}
          onChange={(notices) => set({ notices })}
        />
        <LinesField
          label="Order of purposes"
          hint="Keys, one a line. AI training is always its own question."
          lines={draft.purposes}
          onChange={(purposes) => set({ purposes: purposes as readonly PurposeKey[] })}
        />
      </div>
      <div>
        <LocaleTabs
          locales={locales.length === 0 ? ['en'] : locales}
          open={locale}
          onOpen={setLocale}
          onAdd={(added) => {
            set({ texts: { ...draft.texts, [added]: text } })
            setLocale(added)
          }}
          onRemove={(removed) => {
            const { [removed]: _, ...rest } = draft.texts
            set({ texts: rest })
          }}
        />
        <div key={locale} lang={locale} className="grid gap-4 sm:grid-cols-3">
          {words.map(({ name, label }) => (
            <Field
              key={name}
              label={label}
              value={text[name]}
              onChange={({ target }) =>
                set({ texts: { ...draft.texts, [locale]: { ...text, [name]: target.value } } })
              }
            />
          ))}
        </div>
      </div>
    </div>
  )
}
