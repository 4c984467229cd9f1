'use client'

import { type FormEvent, type ReactNode, useState } from 'react'
import type { TaskListed } from '../../lib/client/client.ts'
import { Button } from '../ui/button.tsx'
import { Field } from '../ui/field.tsx'
import { Time } from '../ui/time.tsx'
import { taskWords } from './recall-words.ts'
import { useSend } from './use-send.ts'

/** Tasks as a list; for who may, each open one can be said to be done, with a note. */
export function TaskList({
  tasks,
  mayFinish,
}: {
  readonly tasks: readonly TaskListed[]
  readonly mayFinish: boolean
}): ReactNode {
  const { error, act } = useSend()
  return (
    <>
      <p role="alert" className={error === undefined ? 'sr-only' : 'px-5 py-3 text-sm text-negative'}>
        {error}
      </p>
      <ul className="divide-y border-t">
        {tasks.map((task) => (
          <li key={task.id} className="grid gap-2 px-5 py-3 text-sm md:grid-cols-[1fr_auto] md:items-start">
            <div className="min-w-0">
              <p className="wrap-anywhere">{taskWords(task)}</p>
              {task.done_at === null ? null : (
                <p className="text-xs text-ink-soft">
                  done <Time at={task.done_at} />
                  {task.note === null ? '' : `: ${task.note}`}
                </p>
              )}
            </div>
            {mayFinish && task.done_at === null ? (
              <Finish
                name={taskWords(task)}
                finish={(note) =>
                  act('POST', `tasks/${task.id}/done`, note === '' ? {} : { note }, 'Task done')
                }
              />
            ) : null}
          </li>
        ))}
      </ul>
    </>
  )
}

function Finish({
  name,
  finish,
}: {
  readonly name: string
  readonly finish: (note: string) => Promise<void>
}): ReactNode {
  const [isOpen, setIsOpen] = useState(false)
  if (!isOpen) {
    return (
      <Button variant="outline" size="small" aria-label={`Done: ${name}`} onClick={() => setIsOpen(true)}>
        Done…
      </Button>
    )
  }
  async function submit(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault()
    await finish(String(new FormData(event.currentTarget).get('note')).trim())
    setIsOpen(false)
  }
  return (
    <form onSubmit={submit} method="post" className="flex items-end gap-2">
      <Field label="What was done" name="note" maxLength={2000} autoComplete="off" autoFocus />
      <Button type="submit">Done</Button>
    </form>
  )
}
