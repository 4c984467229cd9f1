'use client'

import type { ReactNode } from 'react'
import type { ReleaseItem } from '../../lib/domain/release.ts'
import { Card, CardBody } from '../ui/card.tsx'
import { DraftStateLine } from './draft-state.tsx'
import type { Surroundings } from './editor-props.ts'
import { ExperienceEditor } from './experience-editor.tsx'
import { JsonEditor } from './json-editor.tsx'
import { NoticeEditor } from './notice-editor.tsx'
import { PropertyEditor } from './property-editor.tsx'
import { PurposeEditor } from './purpose-editor.tsx'
import { RegimeEditor } from './regime-editor.tsx'
import type { People } from './release-types.ts'
import { useDraft } from './use-draft.ts'

/** One item of a release: stored as it is typed. */
export function ItemEditor({
  release,
  item,
  edit,
  people,
  around,
}: {
  readonly release: string
  readonly item: ReleaseItem
  readonly edit: number
  readonly people: People
  readonly around: Surroundings
}): ReactNode {
  const draft = useDraft<ReleaseItem['definition']>(release, item, { definition: item.definition, edit })
  return (
    <>
      <DraftStateLine
        state={draft.state}
        error={draft.error}
        conflict={draft.conflict}
        mine={draft.definition}
        people={people}
        onRetry={() => void draft.store()}
        onResolve={draft.resolve}
      />
      <Card>
        <CardBody className="pt-5">
          <Editor
            // Fields that keep their own text begin again with what was chosen.
            key={draft.conflict === undefined ? 'editing' : 'deciding'}
            kind={item.kind}
            draft={draft.definition}
            onChange={draft.change}
            around={around}
          />
        </CardBody>
      </Card>
    </>
  )
}

/** The kind says which definition it is: the compiler is told once. */
function Editor({
  kind,
  ...rest
}: {
  readonly kind: ReleaseItem['kind']
  readonly draft: ReleaseItem['definition']
  readonly onChange: (draft: never) => void
  readonly around: Surroundings
}): ReactNode {
  const props = rest as never
  if (kind === 'notice') return <NoticeEditor {...(props as Parameters<typeof NoticeEditor>[0])} />
  if (kind === 'purpose') return <PurposeEditor {...(props as Parameters<typeof PurposeEditor>[0])} />
  if (kind === 'regime') return <RegimeEditor {...(props as Parameters<typeof RegimeEditor>[0])} />
  if (kind === 'experience')
    return <ExperienceEditor {...(props as Parameters<typeof ExperienceEditor>[0])} />
  if (kind === 'property') return <PropertyEditor {...(props as Parameters<typeof PropertyEditor>[0])} />
  return <JsonEditor {...(props as Parameters<typeof JsonEditor>[0])} />
}
