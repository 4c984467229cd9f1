import { expect, test } from 'vitest'
import { DepartedCounts } from './departed-counts.ts'

const counter = (reason: string, value: number) => ({
  name: 'decisions_total',
  help: 'Decisions',
  type: 'counter',
  aggregator: 'sum',
  values: [{ value, labels: { reason } }],
})

test('what ended workers counted is added up by label; what they were is not', () => {
  const departed = new DepartedCounts()
  const gauge = { name: 'ready', help: 'Ready', type: 'gauge', aggregator: 'min', values: [{ value: 0 }] }
  departed.add([counter('consent_given', 2), gauge])
  departed.add([counter('consent_given', 3)])
  departed.add([counter('consent_withdrawn', 1)])
  expect(departed.all()).toEqual([
    {
      ...counter('consent_given', 5),
      values: [
        { value: 5, labels: { reason: 'consent_given' } },
        { value: 1, labels: { reason: 'consent_withdrawn' } },
      ],
    },
  ])
})
