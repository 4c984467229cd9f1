'use client'

import { type ReactNode, useMemo, useState } from 'react'
import type { ExperienceDefinition, Theme } from '../../lib/domain/definitions.ts'
import type { PropertyKey, PurposeKey } from '../../lib/domain/ids.ts'
import { Choice } from '../ui/choice.tsx'
import { Field } from '../ui/field.tsx'
import type { EditorProps } from './editor-props.ts'
import { ExperiencePreview } from './experience-preview.tsx'
import { LinesField } from './lines-field.tsx'
import { LocaleTabs } from './locale-tabs.tsx'
import { draftExperience } from './preview-experience.ts'
import { useWords } from './use-words.ts'

const layouts = [
  { value: 'bar', name: 'a bar along the page' },
  { value: 'box', name: 'a box in the corner' },
  { value: 'dialog', name: 'a dialog' },
]
const choices = [
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
  const words = useWords(locale)
  const notice = around.noticeDrafts.find(({ key }) => key === draft.notices[0])
  const experience = useMemo(() => {
    if (words === undefined || notice === undefined) return undefined
    return draftExperience(draft, notice, locale, around.purposes, words)
  }, [draft, notice, locale, around.purposes, words])
  return (
    <div className="grid gap-6">
      <div className="grid items-start gap-4 md:grid-cols-2">
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
        <Choice
          label="Notice it shows"
          value={draft.notices[0] ?? ''}
          options={[
            ...(draft.notices.length === 0 ? [{ value: '', name: 'none yet' }] : []),
            ...around.notices.map((key) => ({ value: key, name: key })),
          ]}
          onChange={({ target }) => set({ notices: target.value === '' ? [] : [target.value] })}
        />
        <LinesField
          label="Order of purposes"
          hint="Keys, one a line. AI training is always its own question."
          lines={draft.purposes}
          onChange={(purposes) => set({ purposes: purposes as readonly PurposeKey[] })}
        />
      </div>
      <ComparedTo
        compared={draft.comparedTo}
        askedBackOneIn={draft.askedBackOneIn}
        others={around.experiences.filter(
          ({ key, property }) => key !== draft.key && property === draft.property,
        )}
        onChange={(comparedTo) => {
          const { comparedTo: _, askedBackOneIn, ...rest } = draft
          const asking = askedBackOneIn === undefined ? {} : { askedBackOneIn }
          onChange(comparedTo === '' ? rest : { ...rest, ...asking, comparedTo })
        }}
        onAsk={(oneIn) => {
          const { askedBackOneIn: _, ...rest } = draft
          onChange(oneIn === '' ? rest : { ...rest, askedBackOneIn: Number(oneIn) })
        }}
      />
      {experience === undefined ? (
        <p className="text-sm text-ink-soft">Choose the notice it shows, to see it as people will.</p>
      ) : (
        <ExperiencePreview experience={experience} />
      )}
      <Colouring
        theme={draft.theme}
        onChange={(theme) => {
          const { theme: _, ...rest } = draft
          onChange(theme === undefined ? rest : { ...rest, theme })
        }}
      />
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
          {choices.map(({ name, label }) => (
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

/** Another experience to be shown in turn with this one. Left out where there is none to choose. */
function ComparedTo({
  compared = '',
  askedBackOneIn,
  others,
  onChange,
  onAsk,
}: {
  readonly compared: string | undefined
  readonly askedBackOneIn: number | undefined
  readonly others: readonly ExperienceDefinition[]
  readonly onChange: (key: string) => void
  readonly onAsk: (oneIn: string) => void
}): ReactNode {
  if (others.length === 0 && compared === '') return null
  const isListed = compared === '' || others.some(({ key }) => key === compared)
  return (
    <div className="grid max-w-md gap-1">
      <Choice
        label="Shown in turn with"
        value={compared}
        options={[
          { value: '', name: 'none: everyone sees this one' },
          ...others.map(({ key, layout }) => ({ value: key, name: `${key} (${layout})` })),
          ...(isListed ? [] : [{ value: compared, name: compared }]),
        ]}
        onChange={({ target }) => onChange(target.value)}
      />
      <p className="text-xs text-ink-soft">
        To see in which of the two people understand better what they answer, and change their minds less.
        Both keep every rule, and how many say yes is compared nowhere.
      </p>
      {compared === '' ? null : (
        <Choice
          label="Asked what they have just answered"
          value={askedBackOneIn === undefined ? '' : String(askedBackOneIn)}
          options={[
            { value: '', name: 'a few of those who answer first' },
            ...[...new Set([0, 1, 20, 100, askedBackOneIn ?? 0])].map((oneIn) => {
              return { value: String(oneIn), name: askedName(oneIn) }
            }),
          ]}
          onChange={({ target }) => onAsk(target.value)}
        />
      )}
    </div>
  )
}

const askedName = (oneIn: number): string =>
  oneIn === 0 ? 'nobody' : oneIn === 1 ? 'everyone who answers first' : `one in ${oneIn} who answer first`

const schemes = ['light', 'dark'] as const
const parts = [
  { name: 'surface', label: 'Surface' },
  { name: 'text', label: 'Text' },
  { name: 'button', label: 'Accept and reject' },
  { name: 'buttonText', label: 'Their words' },
] as const
/** Where own colours begin: what Assent itself has. */
const assents: Theme = {
  light: { surface: '#ffffff', text: '#16181d', button: '#1c1f26', buttonText: '#ffffff' },
  dark: { surface: '#181b1f', text: '#eceef0', button: '#e9ebee', buttonText: '#14171b' },
}

/** Own colours in both schemes. There is one colour for accept and reject, and none for only one of them. */
function Colouring({
  theme,
  onChange,
}: {
  readonly theme: Theme | undefined
  readonly onChange: (theme: Theme | undefined) => void
}): ReactNode {
  return (
    <fieldset className="grid gap-3">
      <legend className="mb-2 text-sm font-medium">Colours</legend>
      <label className="flex items-center gap-2 text-sm">
        <input
          type="checkbox"
          checked={theme !== undefined}
          onChange={({ target }) => onChange(target.checked ? assents : undefined)}
        />
        Our own colours. Their contrast is checked before publication.
      </label>
      {theme === undefined
        ? null
        : schemes.map((scheme) => (
            <div key={scheme} className="grid grid-cols-2 gap-4 sm:grid-cols-4">
              {parts.map(({ name, label }) => (
                <label key={name} className="grid gap-1 text-xs text-ink-soft">
                  {label}, {scheme}
                  <input
                    type="color"
                    value={theme[scheme][name]}
                    onChange={({ target }) =>
                      onChange({ ...theme, [scheme]: { ...theme[scheme], [name]: target.value } })
                    }
                    className="h-9 w-full rounded-control border border-edge bg-surface p-1"
                  />
                </label>
              ))}
            </div>
          ))}
    </fieldset>
  )
}
