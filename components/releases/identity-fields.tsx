'use client'

import { type ReactNode, useState } from 'react'
import type { AssertionAlgorithm, IdentityDefinition } from '../../lib/domain/definitions.ts'
import { Choice } from '../ui/choice.tsx'
import { Field } from '../ui/field.tsx'
import { TextArea } from '../ui/text-area.tsx'
import { readPublicKeys } from './read-public-keys.ts'

const algorithms: readonly { readonly value: AssertionAlgorithm | ''; readonly name: string }[] = [
  { value: '', name: 'it does not say: each device answers for itself' },
  { value: 'EdDSA', name: 'by a JWT signed with EdDSA (Ed25519)' },
  { value: 'ES256', name: 'by a JWT signed with ES256 (P-256)' },
  { value: 'RS256', name: 'by a JWT signed with RS256 (RSA)' },
]

/** How the property's own server says who its user is: one algorithm, and the public halves of its keys. */
export function IdentityFields({
  identity,
  onChange,
}: {
  readonly identity: IdentityDefinition | undefined
  readonly onChange: (identity: IdentityDefinition | undefined) => void
}): ReactNode {
  const [text, setText] = useState(
    identity === undefined || identity.publicKeys.length === 0
      ? ''
      : JSON.stringify({ keys: identity.publicKeys }, null, 2),
  )
  const read = text.trim() === '' ? undefined : readPublicKeys(text)
  return (
    <fieldset className="grid items-start gap-4 rounded-card border p-4 md:col-span-2 md:grid-cols-2">
      <legend className="px-1 text-sm font-medium">Who is using the device</legend>
      <Choice
        label="How its server says who its user is"
        value={identity?.algorithm ?? ''}
        options={algorithms}
        onChange={({ target }) => {
          const algorithm = algorithms.find(({ value }) => value === target.value)?.value ?? ''
          if (algorithm === '') return onChange(undefined)
          onChange({ namespace: 'user', publicKeys: read?.keys ?? [], ...identity, algorithm })
        }}
      />
      {identity === undefined ? null : (
        <>
          <Field
            label="Namespace of its users’ ids"
            hint="As your services name them in questions: user:42 is in the namespace user."
            value={identity.namespace}
            error={
              identity.namespace === 'device' ? 'A device speaks for itself, no host for it.' : undefined
            }
            onChange={({ target }) => onChange({ ...identity, namespace: target.value.trim() })}
          />
          <div className="md:col-span-2">
            <TextArea
              label="Public keys"
              hint="A JWK, or a JWKS with one to four keys: more than one while you change it. Never the private half."
              className="field-sizing-content min-h-32 w-full rounded-control border border-edge bg-surface px-3 py-2 font-mono text-xs aria-invalid:border-negative"
              spellCheck={false}
              autoComplete="off"
              value={text}
              error={read?.fault}
              onChange={({ target }) => {
                setText(target.value)
                const { keys } = target.value.trim() === '' ? { keys: [] } : readPublicKeys(target.value)
                // What cannot be read, or is a secret, never becomes part of the draft; it keeps what it has.
                if (keys !== undefined) onChange({ ...identity, publicKeys: keys })
              }}
            />
          </div>
        </>
      )}
    </fieldset>
  )
}
