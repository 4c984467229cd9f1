'use client'

import type { ReactNode } from 'react'
import { Badge } from '../ui/badge.tsx'
import { Button } from '../ui/button.tsx'
import { Card, CardBody, CardHeader } from '../ui/card.tsx'
import { CodeBlock } from '../ui/code-block.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { Field } from '../ui/field.tsx'
import { Switch } from '../ui/switch.tsx'
import { Cell, ColumnHead, Table } from '../ui/table.tsx'
import { Tabs } from '../ui/tabs.tsx'
import { Time } from '../ui/time.tsx'

const colours = [
  'canvas',
  'surface',
  'sunken',
  'line',
  'edge',
  'ink',
  'ink-soft',
  'ink-faint',
  'accent',
  'solid',
  'positive',
  'negative',
  'caution',
]

/** Each primitive in its states. */
export function Kit(): ReactNode {
  return (
    <div className="grid gap-6">
      <Part title="Colours">
        <ul className="flex flex-wrap gap-3">
          {colours.map((name) => (
            <li key={name} className="grid gap-1 text-xs text-ink-soft">
              <span
                className="block h-10 w-20 rounded-control border"
                style={{ background: `var(--${name})` }}
              />
              {name}
            </li>
          ))}
        </ul>
      </Part>
      <Part title="Buttons">
        <div className="flex flex-wrap items-center gap-3">
          {(['solid', 'outline', 'quiet', 'danger'] as const).map((variant) => (
            <Button key={variant} variant={variant}>
              {variant}
            </Button>
          ))}
          <Button size="small">small</Button>
          <Button size="large">large</Button>
          <Button disabled>disabled</Button>
        </div>
      </Part>
      <Part title="Badges">
        <div className="flex flex-wrap gap-2">
          {(['neutral', 'positive', 'negative', 'caution', 'accent'] as const).map((tone) => (
            <Badge key={tone} tone={tone}>
              {tone}
            </Badge>
          ))}
        </div>
      </Part>
      <Part title="Fields">
        <div className="grid max-w-sm gap-4">
          <Field label="Name" placeholder="notice" hint="Lower case, no spaces." />
          <Field label="Version" defaultValue="-1" error="It must be a positive number." />
          <div className="flex items-center gap-3 text-sm">
            <Switch aria-label="Off" /> <Switch aria-label="On" defaultChecked />{' '}
            <Switch aria-label="Disabled" disabled />
          </div>
        </div>
      </Part>
      <Part title="Dialog and tabs">
        <div className="grid gap-4">
          <Dialog
            title="A dialog"
            description="Escape closes it."
            trigger={<Button variant="outline">Open</Button>}
          >
            <p>What it is about.</p>
          </Dialog>
          <Tabs
            label="Languages"
            tabs={[
              { id: 'en', name: 'English', content: <p>Yes and no.</p> },
              { id: 'de', name: 'Deutsch', content: <p lang="de">Ja und Nein.</p> },
            ]}
          />
        </div>
      </Part>
      <Part title="Table, time, code, nothing">
        <div className="grid gap-4">
          <Table caption="Example">
            <thead>
              <tr>
                <ColumnHead>Act</ColumnHead>
                <ColumnHead>Recorded</ColumnHead>
              </tr>
            </thead>
            <tbody>
              <tr>
                <Cell>granted</Cell>
                <Cell>
                  <Time at="2026-11-21T10:04:00Z" />
                </Cell>
              </tr>
            </tbody>
          </Table>
          <CodeBlock label="Code" code={'{"allowed": false}'} />
          <EmptyState title="Nothing here">This is where it would be.</EmptyState>
        </div>
      </Part>
    </div>
  )
}

function Part({ title, children }: { readonly title: string; readonly children: ReactNode }): ReactNode {
  return (
    <Card>
      <CardHeader title={title} />
      <CardBody>{children}</CardBody>
    </Card>
  )
}
