import type { Metadata } from 'next'
import Link from 'next/link'
import type { ReactNode } from 'react'
import { RoomTitle } from '../../../../components/admin/room-title.tsx'
import { EditInRelease } from '../../../../components/releases/edit-in-release.tsx'
import { ButtonLink } from '../../../../components/ui/button.tsx'
import { Card } from '../../../../components/ui/card.tsx'
import { EmptyState } from '../../../../components/ui/empty-state.tsx'
import { Cell, ColumnHead, Table } from '../../../../components/ui/table.tsx'
import { requireMember } from '../../../../lib/auth/require-member.ts'
import type { ExperienceDefinition } from '../../../../lib/domain/definitions.ts'

export const metadata: Metadata = { title: 'Experiences' }

type Listed = ExperienceDefinition & { readonly version: number }

/** How each property asks. */
export default async function ExperiencesPage(): Promise<ReactNode> {
  const { api, scopes } = await requireMember('config:read')
  const { experiences: all } = await api.call<{ experiences: readonly Listed[] }>('GET', '/v1/experiences')
  const experiences = all.filter(
    ({ key, version }) => !all.some((other) => other.key === key && other.version > version),
  )
  const mayEdit = scopes.includes('config:write')
  return (
    <>
      <RoomTitle title="Experiences">
        How a property asks: its layout, its notices, its words. Accept and reject always look alike.
      </RoomTitle>
      <Card className="overflow-hidden">
        {experiences.length === 0 ? (
          <EmptyState
            title="No experience is published"
            action={
              mayEdit ? (
                <ButtonLink variant="outline" href="/admin/releases">
                  Go to releases
                </ButtonLink>
              ) : undefined
            }
          >
            Until there is one, each property asks with its newest notice, in the box that Assent comes with.
            Draft one in a release; an experience that makes a yes easier than a no cannot be published.
          </EmptyState>
        ) : (
          <Table caption="Experiences" isStacked>
            <thead>
              <tr>
                {['Experience', 'Property', 'Layout', 'Notices', 'Languages', ...(mayEdit ? [''] : [])].map(
                  (name) => (
                    <ColumnHead key={name}>{name || <span className="sr-only">Actions</span>}</ColumnHead>
                  ),
                )}
              </tr>
            </thead>
            <tbody>
              {experiences.map(({ key, version, property, layout, notices, texts }) => {
                return (
                  <tr key={key}>
                    <Cell className="font-medium">
                      <Link
                        className="link"
                        href={`/admin/experiences/${encodeURIComponent(key)}/${version}`}
                      >
                        {key} <span className="text-ink-soft">{version}</span>
                      </Link>
                    </Cell>
                    <Cell label="Property">{property}</Cell>
                    <Cell label="Layout">{layout}</Cell>
                    <Cell label="Notices">{notices.join(', ')}</Cell>
                    <Cell label="Languages">{Object.keys(texts).join(', ')}</Cell>
                    {mayEdit ? (
                      <Cell>
                        <EditInRelease kind="experience" itemKey={key} />
                      </Cell>
                    ) : null}
                  </tr>
                )
              })}
            </tbody>
          </Table>
        )}
      </Card>
    </>
  )
}
