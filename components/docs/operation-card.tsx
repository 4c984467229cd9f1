import type { ReactNode } from 'react'
import { Badge } from '../ui/badge.tsx'
import { Card, CardBody, CardHeader } from '../ui/card.tsx'
import { type Field, fieldsOf, type OpenApi, type Operation } from './open-api.ts'

/** One route: what it is for, who may call it, what it takes and gives. */
export function OperationCard({
  document,
  method,
  path,
  operation,
}: {
  readonly document: OpenApi
  readonly method: string
  readonly path: string
  readonly operation: Operation
}): ReactNode {
  const body = operation.requestBody?.content['application/json']?.schema
  const [status = '200', answered] =
    Object.entries(operation.responses).find(([code]) => code.startsWith('2')) ?? []
  const answer = answered?.content?.['application/json']?.schema
  const parameters: readonly Field[] = (operation.parameters ?? []).map((parameter) => ({
    name: parameter.name,
    type: String(parameter.schema?.type ?? 'string'),
    isRequired: parameter.required ?? false,
    description: parameter.description ?? `in the ${parameter.in}`,
    example: '',
  }))
  return (
    <Card id={`${method}${path.replaceAll(/[/{}]/g, '-')}`} className="scroll-mt-20">
      <CardHeader
        level="h3"
        title={operation.summary ?? path}
        description={
          <span className="font-mono text-xs break-all">
            {method.toUpperCase()} {path}
          </span>
        }
        action={<Caller operation={operation} />}
      />
      <CardBody className="grid gap-4">
        {operation.description ? <p className="text-sm text-ink-soft">{operation.description}</p> : null}
        <Fields title="Parameters" fields={parameters} />
        <Fields title="Body" fields={fieldsOf(document, body)} />
        <Fields title={`Answer, ${status}`} fields={fieldsOf(document, answer)} />
      </CardBody>
    </Card>
  )
}

function Caller({ operation }: { readonly operation: Operation }): ReactNode {
  if (operation['x-scope']) return <Badge>{operation['x-scope']}</Badge>
  return <Badge tone="accent">{operation['x-caller'] === 'member' ? 'signed in' : 'no key'}</Badge>
}

function Fields({ title, fields }: { readonly title: string; readonly fields: readonly Field[] }): ReactNode {
  if (fields.length === 0) return null
  return (
    <details>
      <summary className="text-sm font-medium">{title}</summary>
      <dl className="mt-2 grid gap-2 border-l pl-4 text-sm">
        {fields.map((field) => (
          <div key={field.name}>
            <dt>
              <code className="font-mono text-xs font-semibold">{field.name}</code>{' '}
              <span className="text-xs break-words text-ink-faint">
                {field.type}
                {field.isRequired ? '' : ', optional'}
              </span>
            </dt>
            <dd className="text-ink-soft">
              {field.description}
              {field.example ? <code className="font-mono text-xs"> {field.example}</code> : null}
            </dd>
          </div>
        ))}
      </dl>
    </details>
  )
}
