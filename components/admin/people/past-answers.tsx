import type { ReactNode } from 'react'
import type { PastAnswer, PersonAnswers } from '../../../lib/client/people.ts'
import { Badge } from '../../ui/badge.tsx'
import { Cell, ColumnHead, Table } from '../../ui/table.tsx'
import { YesNo } from './changed-answers.tsx'
import { whereText } from './words.ts'

/** Each purpose's answer at a moment; of a moment of the past twice, as known then and as known now. */
export function PastAnswers({
  answers,
  isPast,
}: {
  readonly answers: PersonAnswers['answers']
  readonly isPast: boolean
}): ReactNode {
  const columns = isPast ? ['As known then', 'As known now'] : ['Answer']
  return (
    <Table caption={isPast ? 'Answers of that moment' : 'Answers of now'} isStacked>
      <thead>
        <tr>
          {['Purpose', 'Where', ...columns].map((name) => (
            <ColumnHead key={name}>{name}</ColumnHead>
          ))}
        </tr>
      </thead>
      <tbody>
        {answers.map(({ purpose, property, as_known_then: then, as_known_now: now }) => {
          const isOther = isPast && (then.allowed !== now.allowed || then.reason !== now.reason)
          return (
            <tr key={`${purpose} ${property}`}>
              <Cell label="Purpose" className="font-medium max-md:wrap-anywhere md:whitespace-nowrap">
                {purpose}
              </Cell>
              <Cell label="Where">{whereText(property)}</Cell>
              {isPast ? (
                <Cell label="As known then">
                  <Answer answer={then} />
                </Cell>
              ) : null}
              <Cell label={isPast ? 'As known now' : 'Answer'}>
                <div className="grid gap-1">
                  <Answer answer={now} />
                  {isOther ? (
                    <span>
                      <Badge tone="caution">differs: something was told later</Badge>
                    </span>
                  ) : null}
                </div>
              </Cell>
            </tr>
          )
        })}
      </tbody>
    </Table>
  )
}

/** A yes was given once, and asking again could bring it back. */
const renewable = ['notice_superseded', 'consent_expired']

function Answer({ answer }: { readonly answer: PastAnswer }): ReactNode {
  return (
    <span>
      <YesNo allowed={answer.allowed} /> <span className="text-ink-soft">{answer.because}</span>
      {renewable.includes(answer.reason) ? (
        <>
          {' '}
          <Badge tone="caution">needs renewing</Badge>
        </>
      ) : null}
    </span>
  )
}
