'use client'

import { type ReactNode, useMemo, useState } from 'react'
import type { NoticeText } from '../../lib/domain/definitions.ts'
import type { PropertyKey, PurposeKey } from '../../lib/domain/ids.ts'
import type { NoticeDraft } from '../../lib/domain/release.ts'
import { Choice } from '../ui/choice.tsx'
import { Field } from '../ui/field.tsx'
import { TextArea } from '../ui/text-area.tsx'
import type { EditorProps, Surroundings } from './editor-props.ts'
import { LocaleTabs } from './locale-tabs.tsx'
import { NoticePreview } from './notice-preview.tsx'
import { previewExperience } from './preview-experience.ts'
import { useWords } from './use-words.ts'

const noText: NoticeText = { title: '', body: [''], withdrawal: '', rights: '', controller: '', contact: '' }
const lines = [
  {
    name: 'withdrawal',
    label: 'How to take consent back',
    hint: 'GDPR Art. 7(3), 13(2)(c): as easy as to give.',
  },
  {
    name: 'rights',
    label: 'Rights',
    hint: 'Access, rectification, erasure, complaint … (Art. 13(2)(b), (d)).',
  },
] as const

/** A notice, language by language, beside what people will see. */
export function NoticeEditor({ draft, onChange, around }: EditorProps<NoticeDraft>): ReactNode {
  const locales = Object.keys(draft.texts)
  const [asked, setLocale] = useState(locales[0] ?? 'en')
  const locale = draft.texts[asked] === undefined ? (locales[0] ?? 'en') : asked
  const text = draft.texts[locale] ?? noText
  const setText = (changed: Partial<NoticeText>) =>
    onChange({ ...draft, texts: { ...draft.texts, [locale]: { ...text, ...changed } } })
  const words = useWords(locale)
  const experience = useMemo(
    () => words && previewExperience(draft, locale, around.purposes, words),
    [draft, locale, around.purposes, words],
  )
  return (
    <div className="grid gap-6 lg:grid-cols-[1fr_24rem]">
      <div className="min-w-0">
        <LocaleTabs
          locales={locales}
          open={locale}
          onOpen={setLocale}
          onAdd={(added) => {
            // Begun with the words of the open language: translating is easier than remembering what was there.
            onChange({ ...draft, texts: { ...draft.texts, [added]: text } })
            setLocale(added)
          }}
          onRemove={(removed) => {
            const { [removed]: _, ...rest } = draft.texts
            onChange({ ...draft, texts: rest })
          }}
        />
        <div key={locale} lang={locale} className="grid gap-4">
          <Field
            label="Title"
            value={text.title}
            onChange={({ target }) => setText({ title: target.value })}
          />
          <TextArea
            label="Text"
            hint="An empty line begins a new paragraph. Plain words: who, what, why, for how long."
            rows={8}
            value={text.body.join('\n\n')}
            onChange={({ target }) => setText({ body: target.value.split(/\n{2,}/) })}
          />
          {lines.map(({ name, label, hint }) => (
            <TextArea
              key={name}
              label={label}
              hint={hint}
              rows={3}
              value={text[name]}
              onChange={({ target }) => setText({ [name]: target.value })}
            />
          ))}
          <div className="grid gap-4 sm:grid-cols-2">
            <Field
              label="Controller"
              hint="Name and address (Art. 13(1)(a))."
              value={text.controller}
              onChange={({ target }) => setText({ controller: target.value })}
            />
            <Field
              label="Contact"
              hint="Where people reach you, or your data protection officer."
              value={text.contact}
              onChange={({ target }) => setText({ contact: target.value })}
            />
          </div>
        </div>
        <NoticeReach draft={draft} onChange={onChange} around={around} />
      </div>
      <aside className="lg:sticky lg:top-6 lg:self-start">
        {experience ? <NoticePreview experience={experience} /> : <p role="status">Reading its words …</p>}
      </aside>
    </div>
  )
}

/** Which property it reaches, and which version of which purpose it names. */
function NoticeReach({
  draft,
  onChange,
  around,
}: {
  readonly draft: NoticeDraft
  readonly onChange: (draft: NoticeDraft) => void
  readonly around: Surroundings
}): ReactNode {
  const named = new Map(draft.purposes.map((entry) => [entry.purpose as string, entry]))
  const toggle = (key: string, isNamed: boolean) => {
    const version = around.travelling.includes(key) ? ('next' as const) : (around.versions[key] ?? 1)
    const entry = { purpose: key as PurposeKey, version, coversEarlier: null, explicitCategories: [] }
    onChange({
      ...draft,
      purposes: isNamed
        ? [...draft.purposes, entry]
        : draft.purposes.filter(({ purpose }) => purpose !== key),
    })
  }
  const change = (key: string, changed: Partial<NoticeDraft['purposes'][number]>) =>
    onChange({
      ...draft,
      purposes: draft.purposes.map((entry) => (entry.purpose === key ? { ...entry, ...changed } : entry)),
    })
  return (
    <div className="mt-6 grid gap-4 border-t pt-6">
      <Choice
        label="Reaches"
        value={draft.property ?? ''}
        options={[
          { value: '', name: 'The whole organisation' },
          ...around.properties.map((key) => ({ value: key, name: key })),
        ]}
        onChange={({ target }) =>
          onChange({ ...draft, property: target.value === '' ? null : (target.value as PropertyKey) })
        }
      />
      <fieldset className="grid gap-2">
        <legend className="mb-1 text-sm font-medium">Purposes it names</legend>
        {around.purposes.map(({ key }) => {
          const entry = named.get(key)
          const current = around.versions[key]
          return (
            <div key={key} className="flex flex-wrap items-center gap-x-4 gap-y-1 text-sm">
              <label className="flex min-h-8 items-center gap-2">
                <input
                  type="checkbox"
                  className="size-4 accent-(--accent)"
                  checked={entry !== undefined}
                  onChange={({ target }) => toggle(key, target.checked)}
                />
                <span className="font-mono text-xs">{key}</span>
              </label>
              {entry === undefined ? null : (
                <Choice
                  label={`Version of ${key}`}
                  isLabelHidden
                  value={String(entry.version)}
                  options={[
                    ...(around.travelling.includes(key)
                      ? [{ value: 'next', name: 'as in this release' }]
                      : []),
                    ...(current === undefined
                      ? []
                      : [{ value: String(current), name: `version ${current}` }]),
                    ...(entry.version === 'next' || entry.version === current
                      ? []
                      : [{ value: String(entry.version), name: `version ${entry.version} (older)` }]),
                  ]}
                  onChange={({ target }) =>
                    change(key, { version: target.value === 'next' ? 'next' : Number(target.value) })
                  }
                />
              )}
            </div>
          )
        })}
      </fieldset>
    </div>
  )
}
