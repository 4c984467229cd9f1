'use client'

import type { ReactNode } from 'react'
import type { LegalBasis, RegimeDefinition, RegimeRule, RuleKind } from '../../lib/domain/definitions.ts'
import type { PurposeKey } from '../../lib/domain/ids.ts'
import { Choice } from '../ui/choice.tsx'
import { Field } from '../ui/field.tsx'
import { Cell, ColumnHead, Table } from '../ui/table.tsx'
import type { EditorProps } from './editor-props.ts'
import { LinesField } from './lines-field.tsx'

const ruleNames: readonly { readonly value: RuleKind; readonly name: string }[] = [
  { value: 'opt_in', name: 'opt in: only with a yes' },
  { value: 'opt_out', name: 'opt out: until a no' },
  { value: 'notice_only', name: 'notice only' },
  { value: 'prohibited', name: 'prohibited' },
]
const basisNames = (
  [
    'consent',
    'contract',
    'legal_obligation',
    'vital_interests',
    'public_task',
    'legitimate_interests',
  ] as const
).map((value) => ({ value, name: value.replaceAll('_', ' ') }))
const inherited = { value: '', name: 'as its parent, or the fallback' }

/** A jurisdiction's rules, purpose by purpose. */
export function RegimeEditor({ draft, onChange, around }: EditorProps<RegimeDefinition>): ReactNode {
  const set = (changed: Partial<RegimeDefinition>) => onChange({ ...draft, ...changed })
  const setRule = (purpose: PurposeKey, rule: RegimeRule | undefined) => {
    const { [purpose]: _, ...rest } = draft.rules
    set({ rules: rule === undefined ? rest : { ...rest, [purpose]: rule } })
  }
  return (
    <div className="grid gap-6">
      <div className="grid gap-4 md:grid-cols-3">
        <Field label="Name" value={draft.name} onChange={({ target }) => set({ name: target.value })} />
        <Field
          label="Days a consent lasts"
          type="number"
          min={1}
          value={draft.consentLifetimeDays}
          onChange={({ target }) => set({ consentLifetimeDays: Number(target.value) })}
        />
        <Choice
          label="Global Privacy Control"
          value={draft.gpc.counts ? 'yes' : 'no'}
          options={[
            { value: 'yes', name: 'refuses sale and sharing' },
            { value: 'no', name: 'is not counted' },
          ]}
          onChange={({ target }) => set({ gpc: { ...draft.gpc, counts: target.value === 'yes' } })}
        />
      </div>
      <div className="overflow-hidden rounded-card border">
        <Table caption="Rules by purpose">
          <thead>
            <tr>
              {['Purpose', 'Rule', 'Legal basis', 'Opt in below age'].map((name) => (
                <ColumnHead key={name}>{name}</ColumnHead>
              ))}
            </tr>
          </thead>
          <tbody>
            <RuleRow
              name="Everything else (fallback)"
              rule={draft.fallback}
              onChange={(rule) => rule && set({ fallback: rule })}
              isNeeded
            />
            {around.purposes.map(({ key }) => (
              <RuleRow key={key} name={key} rule={draft.rules[key]} onChange={(rule) => setRule(key, rule)} />
            ))}
          </tbody>
        </Table>
      </div>
      <div className="grid gap-4 md:grid-cols-3">
        <LinesField
          label="Countries and regions"
          hint="ISO codes, one a line: DE, US-CA."
          lines={draft.territories ?? []}
          onChange={(territories) => set({ territories })}
        />
        <LinesField
          label="Purposes GPC refuses besides"
          hint="Keys, one a line."
          lines={draft.gpc.purposes}
          onChange={(purposes) => set({ gpc: { ...draft.gpc, purposes: purposes as readonly PurposeKey[] } })}
        />
        <AgeBands draft={draft} onChange={onChange} />
      </div>
    </div>
  )
}

function RuleRow({
  name,
  rule,
  onChange,
  isNeeded = false,
}: {
  readonly name: string
  readonly rule: RegimeRule | undefined
  readonly onChange: (rule: RegimeRule | undefined) => void
  readonly isNeeded?: boolean
}): ReactNode {
  return (
    <tr>
      <Cell className="align-middle font-mono text-xs">{name}</Cell>
      <Cell>
        <Choice
          label={`Rule for ${name}`}
          isLabelHidden
          value={rule?.rule ?? ''}
          options={isNeeded ? ruleNames : [inherited, ...ruleNames]}
          onChange={({ target }) =>
            onChange(
              target.value === ''
                ? undefined
                : { ...(rule ?? { basis: 'consent' }), rule: target.value as RuleKind },
            )
          }
        />
      </Cell>
      <Cell>
        {rule === undefined ? null : (
          <Choice
            label={`Legal basis for ${name}`}
            isLabelHidden
            value={rule.basis}
            options={basisNames}
            onChange={({ target }) => onChange({ ...rule, basis: target.value as LegalBasis })}
          />
        )}
      </Cell>
      <Cell>
        {rule === undefined ? null : (
          <input
            type="number"
            min={1}
            max={120}
            aria-label={`Opt in below age, for ${name}`}
            className="h-10 w-20 rounded-control border border-edge bg-surface px-2 text-sm"
            value={rule.optInBelowAge ?? ''}
            onChange={({ target }) => {
              const { optInBelowAge: _, ...rest } = rule
              onChange(target.value === '' ? rest : { ...rest, optInBelowAge: Number(target.value) })
            }}
          />
        )}
      </Cell>
    </tr>
  )
}

/** The age of consent, and where it is another. */
function AgeBands({ draft, onChange }: Pick<EditorProps<RegimeDefinition>, 'draft' | 'onChange'>): ReactNode {
  const bands = draft.ageBands ?? { default: 16, countries: {}, unstated: 'capable' as const }
  const set = (changed: Partial<typeof bands>) => onChange({ ...draft, ageBands: { ...bands, ...changed } })
  return (
    <div className="grid content-start gap-4">
      <Field
        label="Age from which one consents oneself"
        hint="Art. 8: 16, or less by a country’s law. Empty: no age counts."
        type="number"
        min={0}
        max={120}
        value={draft.ageBands?.default ?? ''}
        onChange={({ target }) =>
          target.value === ''
            ? onChange({ ...draft, ageBands: null })
            : set({ default: Number(target.value) })
        }
      />
      {draft.ageBands === null ? null : (
        <>
          <LinesField
            label="Where it is another"
            hint="A country and an age a line: DE 16."
            lines={Object.entries(bands.countries).map(([country, age]) => `${country} ${age}`)}
            onChange={(lines) =>
              set({
                countries: Object.fromEntries(
                  lines.flatMap((line) => {
                    const [, country, age] = /^([A-Z]{2})\s+(\d{1,3})$/.exec(line) ?? []
                    return country === undefined ? [] : [[country, Number(age)]]
                  }),
                ),
              })
            }
          />
          <Choice
            label="Who does not say her age"
            value={bands.unstated}
            options={[
              { value: 'capable', name: 'is taken for an adult' },
              { value: 'unknown', name: 'cannot consent' },
            ]}
            onChange={({ target }) => set({ unstated: target.value as 'capable' | 'unknown' })}
          />
        </>
      )}
    </div>
  )
}
