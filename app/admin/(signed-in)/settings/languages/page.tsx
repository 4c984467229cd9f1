import type { Metadata } from 'next'
import type { ReactNode } from 'react'
import { languageTitle } from '../../../../../components/admin/language-name.ts'
import { RoomTitle } from '../../../../../components/admin/room-title.tsx'
import { Badge } from '../../../../../components/ui/badge.tsx'
import { Card, CardHeader } from '../../../../../components/ui/card.tsx'
import { Cell, ColumnHead, Table } from '../../../../../components/ui/table.tsx'
import { requireMember } from '../../../../../lib/auth/require-member.ts'
import { type LanguageTag, languages } from '../../../../../lib/words/languages.ts'
import { directionOf } from '../../../../../lib/words/negotiate.ts'
import { wordsFor } from '../../../../../lib/words/words.ts'

export const metadata: Metadata = { title: 'Languages' }

const byName = languages.toSorted((a, b) => languageTitle(a.tag).localeCompare(languageTitle(b.tag), 'en'))

/** The languages in which Assent's own words come, and whether someone whose language it is has read them. */
export default async function LanguagesPage(): Promise<ReactNode> {
  await requireMember('config:read')
  const drafts = languages.filter(({ status }) => status === 'draft').length
  return (
    <>
      <RoomTitle title="Languages">
        What Assent says by itself around your notices: buttons, explanations, the preference page and its
        mails.
      </RoomTitle>
      <Card className="overflow-hidden">
        <CardHeader
          title={`${languages.length} languages, ${drafts} of them drafts`}
          description="A draft is complete and in use, and nobody whose language it is has read it yet. Have it read before you rely on it. What your notices, purposes and experiences say is yours: you write it, language by language, in a release."
        />
        <Table caption="Languages" isStacked>
          <thead>
            <tr>
              {['Language', 'Its own name', 'Tag', 'Written', 'Accept and reject', 'Words'].map((name) => (
                <ColumnHead key={name}>{name}</ColumnHead>
              ))}
            </tr>
          </thead>
          <tbody>
            {byName.map(({ tag, status }) => (
              <LanguageRow key={tag} tag={tag} isReviewed={status === 'reviewed'} />
            ))}
          </tbody>
        </Table>
      </Card>
    </>
  )
}

function LanguageRow({
  tag,
  isReviewed,
}: {
  readonly tag: LanguageTag
  readonly isReviewed: boolean
}): ReactNode {
  const { say, direction } = wordsFor(tag)
  const itsOwn = { lang: tag, dir: direction }
  return (
    <tr>
      <Cell>
        <span className="font-medium">{languageTitle(tag)}</span>
      </Cell>
      <Cell label="Its own name">
        <bdi {...itsOwn}>{new Intl.DisplayNames([tag], { type: 'language' }).of(tag)}</bdi>
      </Cell>
      <Cell label="Tag">
        <span className="font-mono text-xs">{tag}</span>
      </Cell>
      <Cell label="Written">{directionOf(tag) === 'rtl' ? 'right to left' : 'left to right'}</Cell>
      <Cell label="Accept and reject">
        <bdi {...itsOwn}>{say('accept')}</bdi>, <bdi {...itsOwn}>{say('reject')}</bdi>
      </Cell>
      <Cell label="Words">
        {isReviewed ? <Badge tone="positive">reviewed</Badge> : <Badge tone="caution">draft</Badge>}
      </Cell>
    </tr>
  )
}
