'use client'

import { signOut } from 'next-auth/react'
import { QRCodeSVG } from 'qrcode.react'
import { type FormEvent, type ReactNode, useState } from 'react'
import { Button } from '../ui/button.tsx'
import { CodeBlock } from '../ui/code-block.tsx'
import { Field } from '../ui/field.tsx'
import { send } from './send.ts'

type Begun = { readonly secret: string; readonly uri: string }

/** Adds a second factor, or removes the one there is: a secret shown once, a code that confirms it, recovery codes. */
export function SecondFactor({
  has,
  recoveryCodesLeft,
}: {
  readonly has: boolean
  readonly recoveryCodesLeft: number
}): ReactNode {
  const [begun, setBegun] = useState<Begun>()
  const [codes, setCodes] = useState<readonly string[]>()
  const [error, setError] = useState<string>()
  const [isBusy, setIsBusy] = useState(false)

  async function act(work: () => Promise<void>): Promise<void> {
    setIsBusy(true)
    setError(undefined)
    try {
      await work()
    } catch (cause) {
      setError((cause as Error).message)
    }
    setIsBusy(false)
  }
  const begin = () => act(async () => setBegun(await send<Begun>('POST', 'account/second-factor', {})))
  const withCode = (work: (code: string) => Promise<void>) => (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const code = String(new FormData(event.currentTarget).get('code'))
    void act(() => work(code))
  }
  const confirm = withCode(async (code) => {
    const made = await send<{ recovery_codes: string[] }>('POST', 'account/second-factor/confirm', { code })
    setCodes(made.recovery_codes)
  })
  const remove = withCode(async (code) => {
    await send('POST', 'account/second-factor/remove', { code })
    await signOut({ callbackUrl: '/admin/sign-in' })
  })

  if (codes !== undefined) {
    return (
      <div className="grid gap-4">
        <p className="text-sm" role="status">
          Your second factor is on, and all your sessions have ended. Keep these recovery codes where you keep
          passwords: each signs you in once if you lose the app. They are not shown again.
        </p>
        <CodeBlock label="Recovery codes" code={codes.join('\n')} />
        <div>
          <Button onClick={() => signOut({ callbackUrl: '/admin/sign-in' })}>
            I have kept them: sign in again
          </Button>
        </div>
      </div>
    )
  }
  if (begun !== undefined) {
    return (
      <form onSubmit={confirm} method="post" className="grid gap-5">
        <p className="text-sm text-ink-soft">
          Scan this with an authenticator app, or type the secret into it. It is not shown again.
        </p>
        <div className="flex flex-wrap items-center gap-6">
          <QRCodeSVG
            value={begun.uri}
            size={176}
            marginSize={4}
            title="QR code for your authenticator app"
            className="rounded-card border"
          />
          <div className="min-w-0">
            <p className="text-sm font-medium">Secret</p>
            <p className="font-mono text-sm wrap-anywhere" data-testid="secret">
              {begun.secret}
            </p>
          </div>
        </div>
        <div className="max-w-xs">
          <Field
            label="Code of the app"
            name="code"
            inputMode="numeric"
            autoComplete="one-time-code"
            required
            autoFocus
            error={error}
          />
        </div>
        <p className="text-sm text-ink-soft">
          All your sessions end, this one too. You sign in again with the app’s next code: none is taken
          twice.
        </p>
        <div className="flex gap-2">
          <Button type="submit" disabled={isBusy}>
            Confirm
          </Button>
          <Button variant="quiet" onClick={() => setBegun(undefined)}>
            Cancel
          </Button>
        </div>
      </form>
    )
  }
  if (has) {
    return (
      <form onSubmit={remove} method="post" className="grid gap-4">
        <p className="text-sm">
          It is on. Recovery codes left: {recoveryCodesLeft}. For new codes or a new phone, remove it and add
          it again.
        </p>
        <div className="max-w-xs">
          <Field
            label="Code, or a recovery code"
            name="code"
            autoComplete="one-time-code"
            required
            error={error}
          />
        </div>
        <div>
          <Button type="submit" variant="danger" disabled={isBusy}>
            Remove, and end all sessions
          </Button>
        </div>
      </form>
    )
  }
  return (
    <div className="grid gap-3">
      <p role="alert" className={error === undefined ? 'sr-only' : 'text-sm text-negative'}>
        {error}
      </p>
      <div>
        <Button disabled={isBusy} onClick={begin}>
          Add a second factor
        </Button>
      </div>
    </div>
  )
}
