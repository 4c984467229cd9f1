'use client'

import type { ReactNode } from 'react'
import type { KeyListed } from '../../lib/client/client.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Cell, ColumnHead, Table } from '../ui/table.tsx'
import { Time } from '../ui/time.tsx'
import { End, makerOf, Scopes } from './key-facts.tsx'
import { RotateKey } from './rotate-key.tsx'
import { useSend } from './use-send.ts'

/** Keys as rows; for who may, with a way to rotate and to end each. */
export function KeyTable({
  keys,
  scopes,
  nowMs,
}: {
  readonly keys: readonly KeyListed[]
  /** What the reader may do: keys with more she cannot rotate, since nobody gives what she does not hold. */
  readonly scopes: readonly string[]
  readonly nowMs: number
}): ReactNode {
  const { error, act } = useSend()
  const mayChange = scopes.includes('keys:write')
  const nameOf = (id: string) => keys.find((key) => key.id === id)?.prefix ?? id
  return (
    <>
      <p role="alert" className={error === undefined ? 'sr-only' : 'px-5 py-3 text-sm text-negative'}>
        {error}
      </p>
      <Table caption="Keys" isStacked>
        <thead>
          <tr>
            {['Key', 'May', 'Made', 'Last used', ...(mayChange ? [''] : [])].map((name) => (
              <ColumnHead key={name}>{name || <span className="sr-only">Actions</span>}</ColumnHead>
            ))}
          </tr>
        </thead>
        <tbody>
          {keys.map((key) => (
            <tr key={key.id}>
              <Cell>
                <span className="font-medium wrap-anywhere">{key.name}</span> <End of={key} nowMs={nowMs} />
                <p className="font-mono text-xs text-ink-soft">{key.prefix}…</p>
                {key.legal_entity === null ? null : (
                  <p className="text-xs text-ink-soft">held by {key.legal_entity}</p>
                )}
                {key.replaces === null ? null : (
                  <p className="text-xs text-ink-soft">in place of {nameOf(key.replaces)}</p>
                )}
              </Cell>
              <Cell label="May">
                <Scopes scopes={key.scopes} />
              </Cell>
              <Cell label="Made">
                <Time at={key.created_at} />
                <p className="text-xs text-ink-soft">{makerOf(key)}</p>
              </Cell>
              <Cell label="Last used">
                {key.last_used_at === null ? (
                  <span className="text-ink-soft">never</span>
                ) : (
                  <Time at={key.last_used_at} />
                )}
              </Cell>
              {mayChange ? (
                <Cell>
                  <div className="flex gap-2 max-md:flex-col max-md:items-start">
                    {key.scopes.every((scope) => scopes.includes(scope)) ? <RotateKey row={key} /> : null}
                    <EndKey
                      row={key}
                      onEnd={() => act('DELETE', `keys/${key.id}`, undefined, 'It is no key any more.')}
                    />
                  </div>
                </Cell>
              ) : null}
            </tr>
          ))}
        </tbody>
      </Table>
    </>
  )
}

function EndKey({ row: key, onEnd }: { readonly row: KeyListed; readonly onEnd: () => void }): ReactNode {
  const word = key.expires_at === null ? 'Revoke' : 'End now'
  return (
    <Dialog
      title={`${word === 'Revoke' ? 'Revoke' : 'End'} ${key.name}?`}
      description="At once, on every node: whoever still uses it is refused with the next call. This cannot be undone."
      trigger={
        <Button variant="danger" size="small" aria-label={`${word}: ${key.name}`}>
          {word}
        </Button>
      }
    >
      <Button variant="danger" onClick={onEnd}>
        {word === 'Revoke' ? 'Revoke the key' : 'End the key now'}
      </Button>
    </Dialog>
  )
}
