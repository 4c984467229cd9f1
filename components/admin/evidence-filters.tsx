import type { ReactNode } from 'react'
import type { EvidenceFacets } from '../../lib/client/evidence-types.ts'
import { Button, ButtonLink } from '../ui/button.tsx'
import { Choice } from '../ui/choice.tsx'
import { Field } from '../ui/field.tsx'
import { actorWords, type EvidenceQuery, evidenceHref, inWords, isFiltered, shown } from './evidence-view.ts'

type Facet = EvidenceFacets['kinds'][number]
type Asked = {
  readonly name: 'kind' | 'actor' | 'purpose' | 'property'
  readonly label: string
  /** What asking for nothing is called. */
  readonly any: string
  readonly facets: readonly Facet[]
  readonly words: (facet: Facet) => string
}

/** Which rows are shown. A form that asks for an address: it works without scripts, and the address holds it all. */
export function EvidenceFilters({
  query,
  facets,
}: {
  readonly query: EvidenceQuery
  readonly facets: EvidenceFacets
}): ReactNode {
  const plain = ({ value }: Facet) => value
  const choices: readonly Asked[] = [
    {
      name: 'kind',
      label: 'What',
      any: 'anything',
      facets: facets.kinds,
      words: ({ value }: Facet) => inWords(value),
    },
    {
      ...{ name: 'actor', label: 'Who', any: 'anyone', facets: facets.actors },
      words: ({ value, name }: Facet) => actorWords(value, name),
    },
    { name: 'purpose', label: 'Purpose', any: 'any', facets: facets.purposes, words: plain },
    { name: 'property', label: 'Property', any: 'any', facets: facets.properties, words: plain },
  ]
  return (
    <form
      // What the address says is what the fields say.
      key={evidenceHref(query)}
      action="/admin/evidence"
      method="get"
      aria-label="Filter"
      className="mb-4 grid grid-cols-2 items-end gap-3 sm:grid-cols-3 lg:grid-cols-6"
    >
      {(['from', 'to'] as const).map((name) => (
        <Field
          key={name}
          label={name === 'from' ? 'From' : 'To'}
          name={name}
          type="date"
          defaultValue={shown(query, name).slice(0, 10)}
        />
      ))}
      {choices.map(({ name, label, any, facets: of, words }) => (
        <Choice
          key={name}
          label={label}
          name={name}
          defaultValue={shown(query, name)}
          options={[
            { value: '', name: any },
            ...withShown(of, shown(query, name)).map((facet) => ({
              value: facet.value,
              name: `${words(facet)} (${facet.count.toLocaleString('en-GB')})`,
            })),
          ]}
        />
      ))}
      <div className="col-span-full flex flex-wrap gap-2">
        <Button type="submit" size="small">
          Filter
        </Button>
        {isFiltered(query) ? (
          <ButtonLink href="/admin/evidence" variant="quiet" size="small">
            Show everything
          </ButtonLink>
        ) : null}
      </div>
    </form>
  )
}

/** What the address names is an option, even where there is none of it. */
function withShown(facets: readonly Facet[], value: string): readonly Facet[] {
  if (value === '' || facets.some((facet) => facet.value === value)) return facets
  return [...facets, { value, name: null, count: 0 }]
}
