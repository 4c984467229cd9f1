'use client'

import { ThumbsDown, ThumbsUp } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { useAssent } from './use-assent.ts'

type Vote = 'up' | 'down'

const turns = [
  {
    ask: 'How do I descale a kettle?',
    answer: 'Half water, half vinegar. Boil, wait twenty minutes, rinse twice.',
  },
  {
    ask: 'And how often?',
    answer: 'Every two months where the water is hard, twice a year where it is soft.',
  },
]

/** The feature people came for. It works the same whatever they choose. */
export function DemoChat(): ReactNode {
  const [votes, setVotes] = useState<Readonly<Record<number, Vote>>>({})
  const { assent, change } = useAssent()
  const mayTrain = change >= 0 && assent?.get('ai_training') === true
  const count = Object.keys(votes).length
  return (
    <section aria-labelledby="chat">
      <h1 id="chat" className="text-2xl font-semibold tracking-tight sm:text-3xl">
        Ask about your kitchen
      </h1>
      <p className="mt-2 text-ink-soft">
        A pretend assistant. Rate its answers: that is the data a team would train on.
      </p>
      <ol className="mt-6 grid gap-5">
        {turns.map((turn, index) => (
          <li key={turn.ask} className="grid gap-2">
            <p className="ml-auto max-w-[85%] rounded-card bg-solid px-4 py-2.5 text-on-solid">{turn.ask}</p>
            <div className="max-w-[92%] rounded-card border bg-surface px-4 py-3">
              <p>{turn.answer}</p>
              <fieldset className="mt-2 flex gap-1">
                <legend className="sr-only">Rate this answer</legend>
                {(['up', 'down'] as const).map((vote) => (
                  <button
                    key={vote}
                    type="button"
                    aria-pressed={votes[index] === vote}
                    onClick={() => setVotes({ ...votes, [index]: vote })}
                    className="inline-flex size-9 items-center justify-center rounded-control text-ink-soft hover:bg-sunken hover:text-ink aria-pressed:bg-accent-soft aria-pressed:text-accent"
                  >
                    {vote === 'up' ? (
                      <ThumbsUp aria-hidden className="size-4" />
                    ) : (
                      <ThumbsDown aria-hidden className="size-4" />
                    )}
                    <span className="sr-only">{vote === 'up' ? 'Good answer' : 'Bad answer'}</span>
                  </button>
                ))}
              </fieldset>
            </div>
          </li>
        ))}
      </ol>
      <p role="status" className="mt-5 min-h-6 text-sm text-ink-soft">
        {count === 0
          ? ''
          : mayTrain
            ? `${count} of your ratings may be used to train models.`
            : `Thank you. Your ratings improve nothing but this page: you have not agreed to AI training.`}
      </p>
    </section>
  )
}
