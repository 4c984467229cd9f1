import type { Metadata } from 'next'
import { headers } from 'next/headers'
import type { ReactNode } from 'react'
import { EmbedTabs } from '../../../../components/admin/embed-tabs.tsx'
import { RoomTitle } from '../../../../components/admin/room-title.tsx'
import { EditInRelease } from '../../../../components/releases/edit-in-release.tsx'
import { Card, CardBody, CardHeader } from '../../../../components/ui/card.tsx'
import { EmptyState } from '../../../../components/ui/empty-state.tsx'
import { requireMember } from '../../../../lib/auth/require-member.ts'

export const metadata: Metadata = { title: 'Properties' }

type Property = { readonly key: string; readonly name: string; readonly origins: readonly string[] }

/** Sites and apps: whose pages may ask for them, and the code that makes a page ask. */
export default async function PropertiesPage(): Promise<ReactNode> {
  const { api, scopes } = await requireMember('config:read')
  const { properties } = await api.call<{ properties: readonly Property[] }>('GET', '/v1/properties')
  // As she reached this page: the address that her own pages will reach it by, unless another name was given to it.
  const asked = await headers()
  const address = `${asked.get('x-forwarded-proto') ?? 'https'}://${asked.get('host') ?? 'assent.example.com'}`
  return (
    <>
      <RoomTitle title="Properties">
        Your sites and apps. The first tag holds back what needs a yes: name in it what your pages load. The
        second asks.
      </RoomTitle>
      {properties.length === 0 ? (
        <Card>
          <EmptyState title="There is no property yet">
            A property is a site or an app of yours, with the addresses of its pages. Add one in a release.
          </EmptyState>
        </Card>
      ) : (
        <div className="grid grid-cols-[minmax(0,1fr)] gap-6">
          {properties.map(({ key, name, origins }) => (
            <Card key={key}>
              <CardHeader
                title={name}
                description={`${key} · ${origins.join(', ') || 'no web pages'}`}
                action={
                  scopes.includes('config:write') ? <EditInRelease kind="property" itemKey={key} /> : null
                }
              />
              <CardBody>
                <EmbedTabs address={address} property={key} name={name} />
                <p className="mt-3 text-sm">
                  <a className="link" href={`/p/${encodeURIComponent(key)}`}>
                    Its preference page
                  </a>
                </p>
              </CardBody>
            </Card>
          ))}
        </div>
      )}
    </>
  )
}
