'use client'

import { Download } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { FormError } from '../form-error.tsx'
import { send } from '../send.ts'

/** Downloads everything that is recorded of a person, once it is said what that is. */
export function ExportPerson({ id }: { readonly id: string }): ReactNode {
  const [error, setError] = useState<string>()
  const [isBusy, setIsBusy] = useState(false)

  async function download(): Promise<void> {
    setIsBusy(true)
    setError(undefined)
    try {
      const made = await send<object>('POST', `subjects/${id}/export`)
      const url = URL.createObjectURL(new Blob([JSON.stringify(made, null, 2)], { type: 'application/json' }))
      const link = document.createElement('a')
      link.href = url
      link.download = `${id}.json`
      link.click()
      URL.revokeObjectURL(url)
    } catch (cause) {
      setError((cause as Error).message)
    }
    setIsBusy(false)
  }

  return (
    <Dialog
      title="A copy of her data"
      description="What GDPR Art. 15(3) gives her a copy of, as one JSON file: identifiers in clear, every event with its evidence, the words shown, and the answers of now. The export is written down with your name."
      trigger={
        <Button variant="outline" size="small">
          <Download aria-hidden className="size-4" /> Export
        </Button>
      }
    >
      <div className="grid gap-3">
        <p className="text-sm">Make sure first that it is she who asks, and hand the file to nobody else.</p>
        <FormError>{error}</FormError>
        <div>
          <Button onClick={download} disabled={isBusy}>
            {isBusy ? 'Making the file …' : 'Download the file'}
          </Button>
        </div>
      </div>
    </Dialog>
  )
}
