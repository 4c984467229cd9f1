'use client'

import { Plus } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { type FormEvent, type ReactNode, useState } from 'react'
import { send } from '../admin/send.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Field } from '../ui/field.tsx'

/** Opens a release under a title, and goes to it. */
export function OpenRelease(): ReactNode {
  const router = useRouter()
  const [error, setError] = useState<string>()
  const [isBusy, setBusy] = useState(false)
  async function submit(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault()
    const title = String(new FormData(event.currentTarget).get('title'))
    setBusy(true)
    try {
      const { id } = await send<{ id: string }>('POST', 'releases', { title })
      router.push(`/admin/releases/${id}`)
    } catch (cause) {
      setError((cause as Error).message)
      setBusy(false)
    }
  }
  return (
    <Dialog
      title="Open a release"
      description="What is drafted in it is reviewed, approved and published together: all of it, or nothing."
      trigger={
        <Button>
          <Plus aria-hidden className="size-4" /> Open a release
        </Button>
      }
    >
      <form onSubmit={submit} method="post" className="grid gap-4">
        <Field
          label="Title"
          name="title"
          placeholder="Ask about ratings too"
          maxLength={200}
          required
          autoComplete="off"
          error={error}
        />
        <Button type="submit" disabled={isBusy}>
          {isBusy ? 'Opening …' : 'Open'}
        </Button>
      </form>
    </Dialog>
  )
}
