'use client'

import { type ReactNode, useState } from 'react'
import type { LegalBasis, PurposeDefinition } from '../../lib/domain/definitions.ts'
import type { PurposeDraft } from '../../lib/domain/release.ts'
import { Button } from '../ui/button.tsx'
import { Choice } from '../ui/choice.tsx'
import { Field } from '../ui/field.tsx'
import { TextArea } from '../ui/text-area.tsx'
import type { EditorProps } from './editor-props.ts'
import { LinesField } from './lines-field.tsx'
import { LocaleTabs } from './locale-tabs.tsx'

const bases: readonly { readonly value: LegalBasis; readonly name: string }[] = [
  { value: 'consent', name: 'Consent (Art. 6(1)(a))' },
  { value: 'contract', name: 'Contract (Art. 6(1)(b))' },
  { value: 'legal_obligation', name: 'Legal obligation (Art. 6(1)(c))' },
  { value: 'vital_interests', name: 'Vital interests (Art. 6(1)(d))' },
  { value: 'public_task', name: 'Public task (Art. 6(1)(e))' },
  { value: 'legitimate_interests', name: 'Legitimate interests (Art. 6(1)(f))' },
]
const flags = [
  {
    name: 'saleOrSharing',
    label: 'It is a sale or sharing of data (CCPA): a browser’s GPC signal refuses it',
  },
  { name: 'needsCollectedAt', label: 'Questions must say when the data was collected' },
  { name: 'needsConfirmation', label: 'A yes counts only once it was confirmed by mail (double opt-in)' },
  { name: 'automatedDecisions', label: 'It takes automated decisions about people (Art. 22)' },
] as const

/** One purpose: its words, what it uses and for how long, and what it rests on. */
export function PurposeEditor({ draft, onChange, around }: EditorProps<PurposeDraft>): ReactNode {
  const set = (changed: Partial<PurposeDraft>) => onChange({ ...draft, ...changed })
  const isTraining = draft.key === 'ai_training' || draft.key.startsWith('ai_training.')
  return (
    <div className="grid gap-6">
      <PurposeWords draft={draft} onChange={onChange} />
      <div className="grid gap-4 border-t pt-6 md:grid-cols-2">
        <Choice
          label="Legal basis"
          value={draft.basis}
          options={isTraining ? bases.slice(0, 1) : bases}
          onChange={({ target }) => set({ basis: target.value as LegalBasis })}
        />
        <Field
          label="Days data may be used after collection"
          hint="Empty: nothing bounds it."
          type="number"
          min={1}
          value={draft.retentionDays ?? ''}
          onChange={({ target }) => set({ retentionDays: target.value === '' ? null : Number(target.value) })}
        />
      </div>
      {isTraining ? (
        <p className="rounded-control bg-accent-soft px-4 py-3 text-sm text-accent">
          AI training rests on consent only, is asked for by itself and is never essential: Assent’s own rule,
          stricter than some laws, because a yes that came bundled proves nothing.
        </p>
      ) : null}
      <fieldset>
        <legend className="mb-2 text-sm font-medium">Data it uses</legend>
        <div className="flex flex-wrap gap-x-6 gap-y-1">
          {around.categories.map(({ key, special }) => (
            <Tick
              key={key}
              label={special ? `${key} (special, Art. 9)` : key}
              isOn={draft.categories.includes(key)}
              onChange={(isOn) =>
                set({
                  categories: isOn
                    ? [...draft.categories, key]
                    : draft.categories.filter((other) => other !== key),
                })
              }
            />
          ))}
        </div>
      </fieldset>
      <div className="grid gap-4 md:grid-cols-3">
        <LinesField
          label="Recipients"
          hint="Outside the controller, one a line."
          lines={draft.recipients}
          onChange={(recipients) => set({ recipients })}
        />
        <LinesField
          label="Controllers"
          hint="One a line."
          lines={draft.controllers}
          onChange={(controllers) => set({ controllers })}
        />
        <LinesField
          label="Countries outside the EEA"
          hint="Two letters each, one a line."
          lines={draft.transfers}
          onChange={(transfers) => set({ transfers })}
        />
      </div>
      <fieldset className="grid gap-1">
        <legend className="mb-2 text-sm font-medium">What it is</legend>
        {flags.map(({ name, label }) => (
          <Tick
            key={name}
            label={label}
            isOn={draft[name] === true}
            onChange={(isOn) => set({ [name]: isOn })}
          />
        ))}
        <Tick
          label="Ask everyone anew, even where nothing was widened"
          isOn={draft.material === true}
          onChange={(isOn) => {
            const { material: _, ...rest } = draft
            onChange(isOn ? { ...rest, material: true } : rest)
          }}
        />
      </fieldset>
      <Assessments draft={draft} onChange={onChange} />
    </div>
  )
}

function PurposeWords({
  draft,
  onChange,
}: {
  readonly draft: PurposeDraft
  readonly onChange: (draft: PurposeDraft) => void
}): ReactNode {
  const locales = [...new Set([...Object.keys(draft.name), ...Object.keys(draft.description)])]
  const [asked, setLocale] = useState(locales[0] ?? 'en')
  const locale = locales.includes(asked) ? asked : (locales[0] ?? 'en')
  const put = (member: 'name' | 'description' | 'necessity', words: string) =>
    onChange({ ...draft, [member]: { ...draft[member], [locale]: words } })
  return (
    <div>
      <LocaleTabs
        locales={locales.length === 0 ? ['en'] : locales}
        open={locale}
        onOpen={setLocale}
        onAdd={(added) => {
          onChange({
            ...draft,
            name: { ...draft.name, [added]: draft.name[locale] ?? '' },
            description: { ...draft.description, [added]: draft.description[locale] ?? '' },
          })
          setLocale(added)
        }}
        onRemove={(removed) =>
          onChange({
            ...draft,
            name: without(draft.name, removed),
            description: without(draft.description, removed),
            ...(draft.necessity && { necessity: without(draft.necessity, removed) }),
          })
        }
      />
      <div key={locale} lang={locale} className="grid gap-4">
        <Field
          label="Name"
          value={draft.name[locale] ?? ''}
          onChange={({ target }) => put('name', target.value)}
        />
        <TextArea
          label="What is done, and why"
          rows={3}
          value={draft.description[locale] ?? ''}
          onChange={({ target }) => put('description', target.value)}
        />
        {draft.basis === 'contract' ? (
          <TextArea
            label="Why the service cannot be given without it"
            rows={2}
            value={draft.necessity?.[locale] ?? ''}
            onChange={({ target }) => put('necessity', target.value)}
          />
        ) : null}
      </div>
    </div>
  )
}

type Assessment = NonNullable<PurposeDefinition['assessments']>[number]
const assessmentKinds = [
  { value: 'dpia', name: 'Data protection impact (Art. 35)' },
  { value: 'legitimate_interests', name: 'Legitimate interests (Art. 6(1)(f))' },
  { value: 'transfer', name: 'Transfer (Art. 44–46)' },
]

function Assessments({
  draft,
  onChange,
}: {
  readonly draft: PurposeDraft
  readonly onChange: (draft: PurposeDraft) => void
}): ReactNode {
  const linked = draft.assessments ?? []
  const put = (assessments: readonly Assessment[]) => onChange({ ...draft, assessments })
  const change = (index: number, changed: Partial<Assessment>) =>
    put(linked.map((each, at) => (at === index ? { ...each, ...changed } : each)))
  return (
    <fieldset className="grid gap-4 border-t pt-6">
      <legend className="sr-only">Assessments</legend>
      <div className="flex items-center justify-between gap-4">
        <p className="text-sm font-medium">Assessments</p>
        <Button
          variant="outline"
          size="small"
          onClick={() =>
            put([
              ...linked,
              { kind: 'dpia', title: '', reference: '', approvedOn: new Date().toISOString().slice(0, 10) },
            ])
          }
        >
          Link one
        </Button>
      </div>
      {linked.map((each, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: they have no identity but their place
        <div key={index} className="grid items-end gap-3 sm:grid-cols-2 lg:grid-cols-[1fr_1fr_1fr_9rem_auto]">
          <Choice
            label="Kind"
            value={each.kind}
            options={assessmentKinds}
            onChange={({ target }) => change(index, { kind: target.value as Assessment['kind'] })}
          />
          <Field
            label="Title"
            value={each.title}
            onChange={({ target }) => change(index, { title: target.value })}
          />
          <Field
            label="Where it lies"
            placeholder="Address or file number"
            value={each.reference ?? ''}
            onChange={({ target }) => change(index, { reference: target.value })}
          />
          <Field
            label="Approved on"
            type="date"
            value={each.approvedOn}
            onChange={({ target }) => change(index, { approvedOn: target.value })}
          />
          <Button
            variant="quiet"
            aria-label={`Take out ${each.title || 'this assessment'}`}
            onClick={() => put(linked.filter((_, at) => at !== index))}
          >
            Take out
          </Button>
        </div>
      ))}
    </fieldset>
  )
}

function Tick({
  label,
  isOn,
  onChange,
}: {
  readonly label: string
  readonly isOn: boolean
  readonly onChange: (isOn: boolean) => void
}): ReactNode {
  return (
    <label className="flex min-h-8 items-center gap-2 text-sm">
      <input
        type="checkbox"
        className="size-4 accent-(--accent)"
        checked={isOn}
        onChange={({ target }) => onChange(target.checked)}
      />
      {label}
    </label>
  )
}

function without(texts: Readonly<Record<string, string>>, locale: string): Record<string, string> {
  const { [locale]: _, ...rest } = texts
  return rest
}
